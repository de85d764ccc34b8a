# Any base with Python 3.11 or newer and its venv module will do; Debian's are known to work.
ARG BASE=python:3.12-slim

# 1. The locked packages, in a layer of their own: it is built again only when the lock changes.
FROM ${BASE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
RUN python3 -m venv /opt/watcher
COPY .ci/requirements.txt .ci/requirements-cluster.txt /build/
# With --build-arg LOCK=requirements-cluster.txt the image has the extra `cluster`: scheduler and workers of other machines.
ARG LOCK=requirements.txt
RUN /opt/watcher/bin/python -m pip install --quiet --require-hashes --only-binary :all: -r /build/${LOCK}

# 2. The project itself; then what only building needed goes away, pip included.
COPY pyproject.toml README.md LICENSE /build/
COPY watcher /build/watcher
RUN /opt/watcher/bin/python -m pip install --quiet --no-deps --no-index --no-build-isolation /build \
 && /opt/watcher/bin/python -m pip uninstall --quiet --yes hatchling editables trove-classifiers pathspec \
 && /opt/watcher/bin/python -m pip uninstall --quiet --yes pip setuptools \
 && find /opt/watcher -type d -name tests -path '*/site-packages/*' -prune -exec rm -rf {} +

# 3. What runs: no compiler, no package client of ours, one ordinary user.
FROM ${BASE}
LABEL org.opencontainers.image.title="watcher" \
      org.opencontainers.image.description="Watches Chinese government documents from draft to final and tells which indicators moved" \
      org.opencontainers.image.licenses="MIT"
# antiword and catdoc read old Word files, the font sets the Chinese of reports saved as PDF. LibreOffice reads Word files
# better, but is larger than all of the rest together; where .doc and .wps files matter, build with
# --build-arg HELPERS="antiword catdoc fonts-wqy-microhei libreoffice-writer-nogui".
ARG HELPERS="antiword catdoc fonts-wqy-microhei"
RUN if [ -n "${HELPERS}" ] && command -v apt-get >/dev/null; then \
      apt-get update -qq && apt-get install -y -qq --no-install-recommends ${HELPERS} >/dev/null \
      && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/apt /var/log/dpkg.log; \
    fi \
 && groupadd --gid 10001 watcher \
 && useradd --uid 10001 --gid watcher --no-create-home --home-dir /data --shell /usr/sbin/nologin watcher \
 && mkdir -p /data/db
COPY --from=build /opt/watcher /opt/watcher
# A new volume begins with these: the five seeds are watched, offline, until sources.yaml says otherwise.
COPY sources.yaml /data/sources.yaml
COPY seeds /data/seeds
RUN chown -R watcher:watcher /data
ENV PATH=/opt/watcher/bin:$PATH \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /data
VOLUME /data
USER watcher
EXPOSE 8321
# Where another port is set in sources.yaml, say so here too: -e WATCHER_HEALTH=http://127.0.0.1:PORT/healthz
HEALTHCHECK --interval=60s --timeout=10s --start-period=30s --retries=3 \
  CMD ["python3", "-c", "import os, urllib.request as r; r.urlopen(os.environ.get('WATCHER_HEALTH', 'http://127.0.0.1:8321/healthz'), timeout=8)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["watcher"]
CMD ["run"]
