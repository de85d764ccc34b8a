"""The only room that names every stage, and the only one that catches a stage's errors.

One way: ``check`` (fetch, keep the snapshot, verdict, read, extract, keep a version if the reading differs), ``catch_up``
(every version not yet compared: change, moves and alert rows in one transaction), ``deliver`` (every unsent alert is
sent, then marked). Each joint is a row that the next stage drains, so a crash anywhere is resumed by the next tick.
"""
