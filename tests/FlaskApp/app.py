"""The operations of Orders in Flask, with the second article's deep health endpoint, as it would be typed in from there.

Candor is measured beside it by `./candor chaos --compare flask`. Nothing here is better or worse than the article has it: one check
a dependency with the clients' own timeouts, free disk, the pool, and a separate simple endpoint for liveness.
"""

import json
import os
import shutil
import uuid
from contextlib import contextmanager
from urllib.parse import unquote, urlparse

import pika
import psycopg2.extras
import psycopg2.pool
import redis
from flask import Flask, Response, jsonify, request

POOL_SIZE = 5

psycopg2.extras.register_uuid()
app = Flask(__name__)


def settings(text, separator):
    """`Host=a;Port=1` and `a:1,password=b` as dictionaries."""
    parts = [part for part in text.split(separator) if part]
    return {name.strip().lower(): value for name, _, value in (part.partition("=") for part in parts)}


def database_settings():
    found = settings(os.environ["ConnectionStrings__database"], ";")
    return {
        "host": found["host"],
        "port": found.get("port", "5432"),
        "user": found["username"],
        "password": found.get("password", ""),
        "dbname": found["database"],
    }


def cache_client():
    first, _, rest = os.environ["ConnectionStrings__cache"].partition(",")
    host, _, port = first.partition(":")
    return redis.Redis(host=host, port=int(port or 6379), password=settings(rest, ",").get("password"))


def queue_parameters():
    uri = urlparse(os.environ["ConnectionStrings__queue"])
    return pika.ConnectionParameters(uri.hostname, uri.port or 5672, "/", pika.PlainCredentials(unquote(uri.username), unquote(uri.password)))


pool = None
cache = cache_client()


def connections():
    """Opened when first needed: a worker must start although the database is away."""
    global pool
    if pool is None:
        pool = psycopg2.pool.ThreadedConnectionPool(0, POOL_SIZE, **database_settings())
    return pool


@contextmanager
def cursor():
    connection = connections().getconn()
    try:
        with connection, connection.cursor() as one:
            yield one
    finally:
        connections().putconn(connection, close=bool(connection.closed))


def as_json(row):
    return {"id": str(row[0]), "item": row[1], "quantity": row[2], "status": "processed" if row[3] else "accepted"}


@app.post("/orders")
def place():
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("item"), str) or not isinstance(body.get("quantity"), int) or body["quantity"] < 1:
        return jsonify({"error": "expected item and quantity"}), 400
    order = uuid.uuid4()
    with cursor() as one:
        one.execute("insert into orders (id, item, quantity) values (%s, %s, %s)", (order, body["item"], body["quantity"]))
        one.execute("insert into outbox values (%s)", (order,))
    return jsonify({"id": str(order), "item": body["item"], "quantity": body["quantity"], "status": "accepted"}), 201


@app.get("/orders/<order>")
def read(order):
    try:
        order = uuid.UUID(order)
    except ValueError:
        return jsonify({"error": "no such order"}), 404
    key = f"order:{order}"
    try:
        cached = cache.get(key)
        if cached is not None:
            return Response(cached, mimetype="application/json")
    except redis.RedisError:
        pass
    with cursor() as one:
        one.execute("select id, item, quantity, processed_at is not null from orders where id = %s", (order,))
        row = one.fetchone()
    if row is None:
        return jsonify({"error": "no such order"}), 404
    if row[3]:
        try:
            cache.set(key, json.dumps(as_json(row)), ex=3600)
        except redis.RedisError:
            pass
    return jsonify(as_json(row))


@app.get("/orders")
def latest():
    limit = request.args.get("limit", "20")
    if not limit.isdigit() or not 1 <= int(limit) <= 100:
        return jsonify({"error": "expected a limit from 1 to 100"}), 400
    with cursor() as one:
        one.execute("select id, item, quantity, processed_at is not null from orders order by created_at desc limit %s", (int(limit),))
        return jsonify([as_json(row) for row in one.fetchall()])


@app.get("/health")
def health_check():
    checks = {}
    healthy = True

    # Check database
    try:
        with cursor() as one:
            one.execute("SELECT 1")
        checks["database"] = "ok"
    except Exception as e:  # noqa: BLE001 - as the article has it
        checks["database"] = f"error: {str(e)}"
        healthy = False

    # Check Redis/cache
    try:
        cache.ping()
        checks["redis"] = "ok"
    except Exception as e:  # noqa: BLE001
        checks["redis"] = f"error: {str(e)}"
        healthy = False

    # Check disk space
    total, _, free = shutil.disk_usage(os.environ.get("CANDOR_DISK", "/"))
    if free / total < 0.05:
        checks["disk"] = f"critical: {free / total * 100:.1f}% free"
        healthy = False
    else:
        checks["disk"] = f"ok: {free / total * 100:.1f}% free"

    # Check connection pool
    if pool is not None and len(pool._used) >= POOL_SIZE:
        checks["connection_pool"] = "warning: pool exhausted"
        healthy = False
    else:
        checks["connection_pool"] = "ok"

    return jsonify(checks), 200 if healthy else 503


@app.get("/healthz")
@app.get("/startupz")
def alive():
    return "ok"
