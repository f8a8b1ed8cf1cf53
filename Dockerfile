# syntax of plain docker build; the base image may be any Debian with Python 3.11+ (see docs/installation.md)
ARG BASE=python:3.13-slim
ARG NODE=node:22-slim

FROM ${NODE} AS styles
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM ${BASE} AS build
WORKDIR /app
ARG REQUIREMENTS=requirements.txt
COPY requirements.txt requirements-saml.txt requirements-mailbox.txt ./
RUN python3 -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r ${REQUIREMENTS}
COPY . .
COPY --from=styles /app/node_modules ./node_modules
RUN /venv/bin/python -m tools.assets --copy-only \
    && DEMO=1 DATABASE_URL=postgres://app@/app REDIS_URL=redis://broker \
        /venv/bin/python manage.py collectstatic --no-input \
    && rm -rf node_modules tests .local/assets

# The mail catcher of the demo needs a package more, which no production image holds.
FROM build AS build-mailbox
RUN /venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes \
    -r requirements-mailbox.txt

FROM ${BASE} AS runtime
RUN groupadd --gid 10001 app && useradd --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app \
    && mkdir /mailbox /state && chown app:app /mailbox /state
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
USER app

# docker build --target mailbox: the demo's mail catcher.
FROM runtime AS mailbox
COPY --from=build-mailbox /venv /venv
EXPOSE 1025
CMD ["python", "-m", "tools.mailsink", "--host", "0.0.0.0", "--port", "1025", "--folder", "/mailbox"]

# What is built without a target: the product.
FROM runtime
COPY --from=build /venv /venv
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
    "--threads", "4", "--preload", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
