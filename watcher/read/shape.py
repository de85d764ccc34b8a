"""A reading as ``watcher read --format json`` prints it."""

from __future__ import annotations

from typing import Any

from watcher.types import Reading, Verdict


def to_json(reading: Reading, verdict: Verdict = "document") -> dict[str, Any]:
    """The contract's shape, JSON types only; every key is always there, ``None`` where nothing is known."""
    about = reading.metadata
    return {
        "kind": reading.kind,
        "title": reading.title,
        "stage": reading.stage,
        "region": reading.region,
        "verdict": verdict,
        "portal": reading.portal,
        "degraded": reading.degraded,
        "suspect": reading.suspect,
        "plan_title": reading.plan_title,
        "metadata": {
            "document_number": about.document_number,
            "index_number": about.index_number,
            "issuer": about.issuer,
            "written_on": about.written_on,
            "published_on": about.published_on,
            "subject": about.subject,
            "period": about.period,
            "consultation": {
                "opens": about.consultation.opens,
                "closes": about.consultation.closes,
                "contact": about.consultation.contact,
            },
        },
        "text": reading.text,
        "attachments": [{"name": a.name, "url": a.url, "format": a.format} for a in reading.attachments],
        "items": [{"title": i.title, "url": i.url, "date": i.date} for i in reading.items],
        "next": reading.next,
    }
