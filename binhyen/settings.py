"""Django's settings. One file; what differs between installations comes from the environment, each with its reason."""

import os
from pathlib import Path

from binhyen.installation import data_folder, database_settings, secret, secret_setting

ROOT = Path(__file__).resolve().parent.parent

# Where everything of this installation lies: database, footage, keys. `binhyen up --data` sets it.
BINHYEN_DATA = data_folder()
BINHYEN_KEYS = BINHYEN_DATA / "keys"

# Hours of units and decisions on days off that this installation adds to those of the release; may be missing.
BINHYEN_CALENDAR = BINHYEN_DATA / "calendar.json"

# The made-up commune of `binhyen demo`: the sign-in pages then help a newcomer along. Never set on a real station.
BINHYEN_DEMO = os.environ.get("BINHYEN_DEMO") == "1"

# How many bytes of footage the recording node may keep; 0: as much as the disk gives.
BINHYEN_QUOTA_BYTES = int(os.environ.get("BINHYEN_QUOTA_BYTES", "0"))

# Where the gateway finds the live process of this machine, and the secret both know. Set by the supervisor.
BINHYEN_NODE_URL = os.environ.get("BINHYEN_NODE_URL", "http://127.0.0.1:8701")
BINHYEN_NODE_TOKEN = secret(BINHYEN_KEYS / "node-token")

SECRET_KEY = secret(BINHYEN_KEYS / "django-secret")
DEBUG = False

# Names under which browsers reach this station, separated by commas. Loopback always works.
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *filter(None, os.environ.get("BINHYEN_HOSTS", "").split(","))]
# A station behind its own TLS says so; cookies are then sent over TLS only.
SECURE = os.environ.get("BINHYEN_TLS") == "1"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if SECURE else []
# How messages that leave the station name it: links in mail, SMS and push. Without a slash at the end.
BINHYEN_URL = os.environ.get("BINHYEN_URL", "").rstrip("/") or (
    f"{'https' if SECURE else 'http'}://{next(iter(ALLOWED_HOSTS[3:]), '127.0.0.1:8700')}"
)

INSTALLED_APPS = [
    "binhyen.kernel.accounts",
    "binhyen.kernel.units",
    "binhyen.kernel.audit",
    "binhyen.kernel.upkeep",
    "binhyen.kernel.history",
    "binhyen.kernel.workflow",
    "binhyen.kernel.notify",
    "binhyen.kernel.screens",
    "binhyen.kernel.measures",
    "binhyen.modules.places",
    "binhyen.modules.cameras",
    "binhyen.modules.network",
    "binhyen.modules.consents",
    "binhyen.modules.onboarding",
    "binhyen.modules.siting",
    "binhyen.modules.cases",
    "binhyen.modules.footage",
    "binhyen.modules.groups",
    "binhyen.modules.contributions",
    "binhyen.modules.movement",
    "binhyen.modules.statistics",
    "binhyen.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "treebeard",
    "pgtrigger",
    "procrastinate.contrib.django",
    "django_htmx",
    "ninja",
    "csp",
]

MIDDLEWARE = [
    "binhyen.web.middleware.DatabaseAwayMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "binhyen.kernel.units.middleware.AuthorityMiddleware",
    "binhyen.kernel.history.acting.ActorMiddleware",
    "binhyen.web.middleware.SecondFactorMiddleware",
    "binhyen.web.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "binhyen.web.urls"
ASGI_APPLICATION = "binhyen.web.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "binhyen.web.shell.context",
            ],
            "builtins": ["django.templatetags.static", "django.contrib.humanize.templatetags.humanize"],
        },
    },
]

DATABASES = {"default": database_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- signing in -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "binhyen.web.signin.StationAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # officers have no verified mail here; accounts are given out by the station
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Delay, not denial: guessing is slowed per address and per account, and nobody can lock an officer out for long.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "8/m/ip,6/2m/key", "reset_password": False}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "binhyen.web.signin.StationMfaAdapter"
MFA_TOTP_ISSUER = "Bình Yên"
LOGIN_URL = "/dang-nhap/"
LOGIN_REDIRECT_URL = "/hom-nay/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/dang-nhap/"
SESSION_COOKIE_AGE = 12 * 3600  # one shift
CSRF_FAILURE_VIEW = "binhyen.web.pages.failures.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Lax"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

# --- messages that leave the station (docs/howto/run-a-station.md); without these nothing leaves it -----------------
EMAIL_HOST = os.environ.get("BINHYEN_SMTP_HOST", "")
EMAIL_HOST_USER = os.environ.get("BINHYEN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = secret_setting("BINHYEN_SMTP_PASSWORD")
_SMTP_TLS = os.environ.get("BINHYEN_SMTP_TLS", "starttls")  # starttls (port 587), tls (465), none (a server beside us)
EMAIL_USE_TLS, EMAIL_USE_SSL = _SMTP_TLS == "starttls", _SMTP_TLS == "tls"
EMAIL_PORT = int(os.environ.get("BINHYEN_SMTP_PORT", {"starttls": "587", "tls": "465"}.get(_SMTP_TLS, "25")))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("BINHYEN_MAIL_FROM", "binhyen@localhost")
# An HTTP gateway for SMS: its address, how a message is written, and one header that lets us in (“Name: secret”).
BINHYEN_SMS_URL = os.environ.get("BINHYEN_SMS_URL", "")
BINHYEN_SMS_FORMAT = os.environ.get("BINHYEN_SMS_FORMAT", "json")
BINHYEN_SMS_TEMPLATE = os.environ.get(
    "BINHYEN_SMS_TEMPLATE", '{"to": "{phone}", "text": "{text}", "reference": "{reference}"}'
)
BINHYEN_SMS_HEADER = secret_setting("BINHYEN_SMS_HEADER")
# Push messages go over servers of the browsers' makers, who learn when one comes; so a station says that it wants them.
BINHYEN_PUSH = os.environ.get("BINHYEN_PUSH") == "1"

# --- what browsers may do -------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],
        "font-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- language, time, files ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
STATIC_URL = "/static/"
_LIBRARIES = {  # what pages load of node_modules; the rest of a package is never served
    "tabler": "@tabler/core/dist",
    "icons": "@tabler/icons-webfont/dist",
    "typeface": "@fontsource/be-vietnam-pro",
    "hls": "hls.js/dist",
    "htmx": "htmx.org/dist",
    "maplibre": "maplibre-gl/dist",
}
STATICFILES_DIRS = [
    (f"lib/{name}", ROOT / "node_modules" / folder)
    for name, folder in _LIBRARIES.items()
    if (ROOT / "node_modules" / folder).is_dir()
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"procrastinate": {"level": "WARNING"}},  # it tells of every job that begins and ends
}
