"""Messages to people: declared once as a `Topic`, sent with `send`, carried by channels that are folders.

A module registers its topics in its `notices.py` and sends where the thing happens:

    WAITING = add_topic(Topic("tasks.waiting", "Việc chờ anh/chị", "vì anh/chị được giao việc này"))
    send(WAITING, to=officer, subject="Có việc mới được giao", body=task.title, url=task.get_absolute_url())

`subject` may leave the station (e-mail, SMS, push) and so names nobody; `body` is shown after signing in only.
"""
