"""Carries the outbox to the queue, and processes what comes from it."""

import time

import pika
import psycopg2
from app import database_settings, queue_parameters

SCHEMA = """
create table if not exists orders (id uuid primary key, item text not null, quantity integer not null,
    created_at timestamptz not null default now(), processed_at timestamptz);
create table if not exists outbox (order_id uuid primary key references orders (id));
"""


def rounds():
    database = psycopg2.connect(**database_settings())
    with database, database.cursor() as one:
        # Two instances at once would collide in the catalog.
        one.execute("select pg_advisory_xact_lock(7236834)")
        one.execute(SCHEMA)
    queue = pika.BlockingConnection(queue_parameters())
    channel = queue.channel()
    channel.confirm_delivery()
    channel.queue_declare("orders", durable=True)
    while True:
        with database, database.cursor() as one:
            one.execute("select order_id from outbox order by order_id limit 100 for update skip locked")
            for (order,) in one.fetchall():
                channel.basic_publish("", "orders", str(order).encode(), pika.BasicProperties(delivery_mode=2), mandatory=True)
                one.execute("delete from outbox where order_id = %s", (order,))
        while True:
            method, _, body = channel.basic_get("orders")
            if method is None:
                break
            with database, database.cursor() as one:
                one.execute("update orders set processed_at = coalesce(processed_at, now()) where id = %s", (body.decode(),))
            channel.basic_ack(method.delivery_tag)
        queue.sleep(0.1)


while True:
    try:
        rounds()
    except Exception as e:  # noqa: BLE001 - tried again, whatever it was
        print(f"a round failed and is tried again: {type(e).__name__}", flush=True)
        time.sleep(0.5)
