import json
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from binhyen.web.tests.conftest import PASSWORD

LOGIN = "/dang-nhap/"
SECOND = "/tai-khoan/hai-lop/authenticate/"


def try_password(client, username, password, **extra):
    return client.post(LOGIN, {"login": username, "password": password}, **extra)


def sign_in(client, account):
    try_password(client, account.username, account.password)
    return client.post(SECOND, {"code": account.code()})


def without_tokens(response):
    """The page as a stranger compares it: what differs from one request to the next is taken out."""
    text = response.content.decode()
    text = re.sub(r'(csrfmiddlewaretoken" value="|csrf-token" content=")[^"]+', r"\1", text)
    return re.sub(r'name="login" value="[^"]*"', "", text)


def test_password_and_code_open_the_first_page(account, client):
    assert try_password(client, account.username, PASSWORD).url == SECOND
    assert client.post(SECOND, {"code": account.code()}).url == "/hom-nay/"
    assert client.get("/hom-nay/").status_code == 200


def test_signing_in_leads_back_to_the_page_that_was_asked_for(account, client):
    asked = client.get("/nhat-ky/?nguoi=an")
    assert asked.url == "/dang-nhap/?next=%2Fnhat-ky%2F%3Fnguoi%3Dan"
    client.post(LOGIN, {"login": account.username, "password": PASSWORD, "next": "/nhat-ky/?nguoi=an"})
    assert client.post(SECOND, {"code": account.code()}).url == "/nhat-ky/?nguoi=an"


def test_a_form_sent_after_the_session_ran_out_leads_back_to_its_page(client, db):
    sent = client.post("/nhat-ky/kiem-tra/", headers={"referer": "http://testserver/nhat-ky/?tim=an"})
    assert sent.url == "/dang-nhap/?next=%2Fnhat-ky%2F%3Ftim%3Dan"


def test_a_fragment_asked_for_after_the_session_ran_out_sends_the_whole_page_to_sign_in(client, db):
    headers = {"hx-request": "true", "hx-current-url": "http://testserver/nhat-ky/"}
    answer = client.post("/nhat-ky/kiem-tra/", headers=headers)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/dang-nhap/?next=%2Fnhat-ky%2F")


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_S07_signing_in_never_leads_to_another_site(account, client, elsewhere):
    client.post(LOGIN, {"login": account.username, "password": PASSWORD, "next": elsewhere})
    assert client.post(SECOND, {"code": account.code()}).url == "/hom-nay/"


def test_S07_a_wrong_name_and_a_wrong_password_get_the_same_answer(account, client):
    known = try_password(client, account.username, "sai mật khẩu")
    unknown = try_password(client, "khong.co.nguoi.nay", "sai mật khẩu")
    assert (known.status_code, without_tokens(known)) == (unknown.status_code, without_tokens(unknown))


def test_S07_a_wrong_name_costs_as_many_hashes_as_a_wrong_password(account, client, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args))
    try_password(client, account.username, "sai mật khẩu")
    known, hashed[:] = len(hashed), []
    try_password(client, "khong.co.nguoi.nay", "sai mật khẩu")
    assert len(hashed) == known


@pytest.mark.parametrize("path", ["/dang-ky/", "/quen-mat-khau/", "/accounts/password/reset/", "/accounts/signup/"])
def test_S07_nobody_signs_up_or_resets_a_password_from_outside(client, db, path):
    assert client.get(path).status_code == 404


def test_S07_guessing_is_delayed_and_then_allowed_again(account):
    guesser = Client()
    for _ in range(6):
        try_password(guesser, account.username, "sai")
    delayed = try_password(guesser, account.username, PASSWORD)
    assert "hãy đợi 2 phút" in delayed.content.decode()
    with time_machine.travel(timezone.now() + timezone.timedelta(seconds=125)):
        assert try_password(guesser, account.username, PASSWORD).url == SECOND


def test_S07_a_stranger_who_guesses_does_not_keep_the_owner_out(account, client):
    sign_in(client, account)
    client.post("/dang-xuat/")
    for number in range(12):
        try_password(Client(), account.username, "sai", REMOTE_ADDR=f"10.0.0.{number}")
    stranger = try_password(Client(), account.username, PASSWORD, REMOTE_ADDR="10.0.1.1")
    assert "hãy đợi" in stranger.content.decode()
    assert try_password(client, account.username, PASSWORD).url == SECOND


def test_S07_a_known_browser_of_one_account_gives_nothing_for_another(account, client, world):
    sign_in(client, account)
    client.post("/dang-xuat/")
    for _ in range(6):
        try_password(Client(), "a.chief", "sai", REMOTE_ADDR="10.0.0.9")
    assert "hãy đợi" in try_password(client, "a.chief", "sai").content.decode()


def test_S07_many_names_from_one_address_are_delayed(account):
    for number in range(8):
        try_password(Client(), f"nguoi.{number}", "sai", REMOTE_ADDR="10.0.0.7")
    stuffed = try_password(Client(), account.username, PASSWORD, REMOTE_ADDR="10.0.0.7")
    assert "hãy đợi" in stuffed.content.decode()


def test_S07_a_session_planted_before_signing_in_is_worth_nothing_after(account, client):
    client.get(LOGIN)
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    sign_in(client, account)
    assert client.cookies["sessionid"].value != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/hom-nay/").status_code == 302


@pytest.mark.parametrize(
    "path",
    ["/hom-nay/", "/nhat-ky/", "/tai-khoan/hai-lop/", "/tai-khoan/phien/", "/tai-khoan/mat-khau/",
     "/tai-khoan/hai-lop/totp/deactivate/", "/tai-khoan/hai-lop/recovery-codes/"],
)  # fmt: skip
def test_S07_nothing_opens_between_the_password_and_the_code(account, client, path):
    try_password(client, account.username, PASSWORD)
    assert client.get(path).url.startswith((LOGIN, "/tai-khoan/xac-nhan/"))
    assert client.post(path).status_code in (302, 405)
    assert Authenticator.objects.filter(user=account.user, type="totp").exists()


@pytest.mark.parametrize("code", ["", "000000", "1" * 400, "' OR 1=1 --", "١٢٣٤٥٦"])
def test_S07_a_wrong_code_opens_nothing(account, client, code):
    try_password(client, account.username, PASSWORD)
    client.post(SECOND, {"code": code})
    assert client.get("/hom-nay/").status_code == 302


def test_S07_codes_cannot_be_guessed_one_after_another(account, client):
    try_password(client, account.username, PASSWORD)
    for number in range(6):
        client.post(SECOND, {"code": f"{number:06}"})
    assert "hãy đợi 2 phút" in client.post(SECOND, {"code": account.code()}).content.decode()


def test_S07_a_code_works_once(account):
    with time_machine.travel(timezone.now(), tick=False):  # else the second may be the next half minute's code
        assert sign_in(Client(), account).url == "/hom-nay/"
        assert "Mã chưa đúng hoặc đã dùng" in sign_in(Client(), account).content.decode()


def test_S07_a_recovery_code_works_once(account):
    code = RecoveryCodes.activate(account.user).get_unused_codes()[0]
    first, second = Client(), Client()
    for client in (first, second):
        try_password(client, account.username, PASSWORD)
        client.post(SECOND, {"code": code})
    assert (first.get("/hom-nay/").status_code, second.get("/hom-nay/").status_code) == (200, 302)


def test_S07_staff_without_a_second_factor_can_only_set_it_up(account, client, world):
    Authenticator.objects.all().delete()
    client.force_login(account.user)
    assert client.get("/nhat-ky/").url == "/tai-khoan/hai-lop/totp/activate/"
    answer = client.get("/nhat-ky/", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor")


def test_staff_who_just_signed_in_set_the_second_factor_up_without_the_password_again(account, client):
    Authenticator.objects.all().delete()
    try_password(client, account.username, PASSWORD)
    page = client.get("/hom-nay/", follow=True).content.decode()
    assert "Bật xác thực hai lớp" in page
    account.secret = re.search(r'class="mono">(\w+)<', page)[1]
    done = client.post("/tai-khoan/hai-lop/totp/activate/", {"code": account.code()})
    assert done.url == "/tai-khoan/hai-lop/recovery-codes/"
    assert len(re.findall(r"<li>\w{8}</li>", client.get(done.url).content.decode())) == 10


def test_S07_turning_the_second_factor_off_asks_again(account, client):
    sign_in(client, account)
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=30)):
        assert client.get("/tai-khoan/hai-lop/totp/deactivate/").url.startswith("/tai-khoan/xac-nhan/")


def test_S08_second_factor_secrets_lie_sealed_in_the_database(account):
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        stored = cursor.fetchone()[0]
    assert account.secret not in stored
    assert json.loads(stored)["secret"]


def test_leaving_ends_the_session_on_the_server(account, client):
    sign_in(client, account)
    stolen = client.cookies["sessionid"].value
    client.post("/dang-xuat/")
    assert not Session.objects.filter(session_key=stolen).exists()


def test_an_account_that_was_closed_is_told_so_and_stays_out(account, client):
    account.user.is_active = False
    account.user.save()
    answer = try_password(client, account.username, PASSWORD)
    assert client.get("/hom-nay/").status_code == 302
    assert "Traceback" not in answer.content.decode()


def hint_in(account, client, **extra):
    try_password(client, account.username, PASSWORD, **extra)
    return "mã hiện tại là" in client.get(SECOND, **extra).content.decode()


def test_the_demo_tells_a_newcomer_on_this_machine_the_code(account, client, settings):
    settings.BINHYEN_DEMO = True
    try_password(client, account.username, PASSWORD)
    page = client.get(SECOND).content.decode()
    assert account.code() in page


def test_S07_a_real_station_never_tells_the_code(account, client, settings):
    settings.BINHYEN_DEMO = False
    assert not hint_in(account, client)


@pytest.mark.parametrize(
    "extra",
    [
        {"REMOTE_ADDR": "192.168.1.5"},
        {"headers": {"x-forwarded-for": "192.168.1.5"}},
        {"headers": {"forwarded": "for=1.2.3.4"}},
    ],
)
def test_S07_the_demo_tells_nobody_elsewhere_the_code(account, client, settings, extra):
    settings.BINHYEN_DEMO = True
    assert not hint_in(account, client, **extra)
