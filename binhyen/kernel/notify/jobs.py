"""Work in the background: carrying messages, making digests, telling the next person, forgetting."""

from contextlib import suppress

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from binhyen.kernel.notify import queue
from binhyen.kernel.notify.addresses import open_address, open_code
from binhyen.kernel.notify.channel import Undeliverable
from binhyen.kernel.notify.channels import find_addressed, find_device_channel
from binhyen.kernel.notify.delivery import deliver
from binhyen.kernel.notify.digest import gather
from binhyen.kernel.notify.escalation import climb
from binhyen.kernel.notify.models import Address, Device
from binhyen.kernel.notify.retention import forget

ATTEMPTS_MAX = 8
AGAIN = RetryStrategy(max_attempts=ATTEMPTS_MAX, exponential_wait=4)  # the last about six hours after the first
AGAIN_SOON = RetryStrategy(max_attempts=3, exponential_wait=4)


@app.task(name=queue.DELIVER, queue=queue.QUEUE, retry=AGAIN, pass_context=True)
def deliver_job(context: JobContext, delivery_id: int) -> None:
    """See `delivery.deliver`."""
    deliver(delivery_id, is_last_try=context.job.attempts >= ATTEMPTS_MAX)


@app.task(name=queue.GATHER, queue=queue.QUEUE, retry=AGAIN)
def gather_job(recipient_key: str, channel: str) -> None:
    """See `digest.gather`."""
    gather(recipient_key, channel)


@app.task(name=queue.CLIMB, queue=queue.QUEUE, retry=AGAIN)
def climb_job(escalation_id: int) -> None:
    """See `escalation.climb`."""
    climb(escalation_id)


@app.task(name=queue.CONFIRM, queue=queue.QUEUE, retry=AGAIN_SOON)
def confirm_job(address_id: int) -> None:
    """Send the code to an address that waits for it."""
    address = Address.objects.filter(pk=address_id).first()
    channel = find_addressed(address.channel) if address is not None else None
    code = open_code(address) if address is not None else None
    if address is None or channel is None or code is None:
        return
    try:
        channel.carry_code(code, open_address(address), reference=f"xac-nhan-{address.pk}-{address.codes_sent}")
    except Undeliverable:
        address.delete()  # the page says that there is no address; nobody waits for a code that cannot come


@app.task(name=queue.TRY_DEVICE, queue=queue.QUEUE, retry=AGAIN_SOON)
def try_device_job(device_id: int) -> None:
    """Send a trial message to one device."""
    device = Device.objects.filter(pk=device_id).first()
    channel = find_device_channel()
    if device is not None and channel is not None:
        with suppress(Undeliverable):  # the channel has removed the device, and the page shows that it is gone
            channel.try_device(device)


@app.periodic(cron="40 2 * * *")
@app.task(name="notify.forget", queueing_lock="notify.forget")
def forget_daily(timestamp: int) -> None:
    """See `retention.forget`. Run twice it does the same as once."""
    forget()
