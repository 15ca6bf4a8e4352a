"""Django settings of the site; what an operator chooses comes from the environment.

``BRIDGEHEAD_DATA``    folder of the database and of computed results; ``data`` in the current folder by default
``BRIDGEHEAD_REGION``  folder of the region's tables; by default the region the platform ships with
``BRIDGEHEAD_HOSTS``   further host names the site answers to, separated by commas; ``*`` for every name
``BRIDGEHEAD_DATABASE_URL``  a PostgreSQL database, ``postgresql://user:password@host/name``; SQLite where none is named
``BRIDGEHEAD_SQLITE_SYNCHRONOUS``  ``full`` (the default) or ``normal``, see SQLite's documentation
``BRIDGEHEAD_FILE_MB``  megabytes a file that is handed in may have; 20 by default
``BRIDGEHEAD_HTTPS``   ``on`` where the platform is reached over TLS: cookies are then sent over TLS only
``BRIDGEHEAD_ADDRESS``  address under which the platform is reached, such as ``https://bridgehead.example``; for mails
``BRIDGEHEAD_TRUSTED_PROXY``  addresses or networks of proxies whose ``X-Forwarded-For`` is believed
``BRIDGEHEAD_LIMITS_URL``  where tries are counted: ``memory://`` of this process by default, ``redis://…`` for several
``BRIDGEHEAD_MAIL_URL``  ``smtp://user:password@host:587?tls=starttls&from=…``; by default mails are written to a folder
``BRIDGEHEAD_SECOND_FACTOR``  roles that need a second factor, separated by commas, such as ``administrator,auditor``
``BRIDGEHEAD_OIDC_…``  an identity provider to sign in with; see `bridgehead.site.provider`
``BRIDGEHEAD_SECRET_KEY``  key that signs sessions and links; by default the file ``secret.key`` of the data folder
"""

import os
import secrets
from pathlib import Path

import bridgehead
from bridgehead.regions.load import region_path
from bridgehead.regions.settings import FILE as SETTINGS_FILE
from bridgehead.regions.settings import read_settings
from bridgehead.site.database_url import database
from bridgehead.site.provider import provider

_HERE = Path(__file__).resolve().parent
_HOUSE = Path(bridgehead.__file__).resolve().parent

BRIDGEHEAD_DATA = Path(os.environ.get("BRIDGEHEAD_DATA") or "data").absolute()
BRIDGEHEAD_REGION = Path(os.environ["BRIDGEHEAD_REGION"]).absolute() if os.environ.get("BRIDGEHEAD_REGION") else None
# In the order of the header; a room joins the house by being listed here.
BRIDGEHEAD_ROOMS = tuple(
    f"bridgehead.rooms.{room}"
    for room in ("statute", "gateway", "desk", "watch", "ledger")
    if (_HOUSE / "rooms" / room / "apps.py").is_file()
)

DEBUG = False
# Sessions and links are signed. `bridgehead run` makes the key once; without it they end with the process.
_KEY_FILE = BRIDGEHEAD_DATA / "secret.key"
SECRET_KEY = (
    os.environ.get("BRIDGEHEAD_SECRET_KEY")
    or (_KEY_FILE.read_text(encoding="ascii").strip() if _KEY_FILE.is_file() and os.access(_KEY_FILE, os.R_OK) else "")
    or secrets.token_urlsafe(48)
)
_FURTHER_HOSTS = (name.strip() for name in os.environ.get("BRIDGEHEAD_HOSTS", "").split(","))
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *filter(None, _FURTHER_HOSTS)]

BRIDGEHEAD_ADDRESS = os.environ.get("BRIDGEHEAD_ADDRESS", "").rstrip("/")
BRIDGEHEAD_TRUSTED_PROXY = os.environ.get("BRIDGEHEAD_TRUSTED_PROXY", "")
BRIDGEHEAD_LIMITS_URL = os.environ.get("BRIDGEHEAD_LIMITS_URL") or "memory://"
BRIDGEHEAD_MAIL_URL = os.environ.get("BRIDGEHEAD_MAIL_URL", "")
BRIDGEHEAD_SECOND_FACTOR = os.environ.get("BRIDGEHEAD_SECOND_FACTOR", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "ninja",  # so that the page of the API loads its script from the wheel and not from another machine
    "bridgehead.ground",
    *BRIDGEHEAD_ROOMS,
    "bridgehead.site",
]

MIDDLEWARE = [
    "bridgehead.site.middleware.Headers",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "bridgehead.site.middleware.Language",
    "bridgehead.site.middleware.ErrorShape",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bridgehead.site.middleware.WhoReads",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bridgehead.site.middleware.HeadOfOperations",
]

ROOT_URLCONF = "bridgehead.site.urls"
WSGI_APPLICATION = "bridgehead.site.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "bridgehead.site.navigation.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "bridgehead.ground.templatetags.bridgehead",
            ],
        },
    },
]

DATABASES = {
    "default": database(
        os.environ.get("BRIDGEHEAD_DATABASE_URL", ""),
        BRIDGEHEAD_DATA,
        os.environ.get("BRIDGEHEAD_SQLITE_SYNCHRONOUS") or "full",
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Accounts. A person signs in for half a day; the cookies are for this site alone and not for scripts.
AUTH_USER_MODEL = "ground.Person"
AUTHENTICATION_BACKENDS = ["bridgehead.ground.people.signing_in.ByLogin"]
OTP_TOTP_ISSUER = "bridgehead"
PASSWORD_RESET_TIMEOUT = 3600  # seconds a link for a new password is good for
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Set where the platform is reached over TLS, as it must be once it is open to other machines.
_TLS = os.environ.get("BRIDGEHEAD_HTTPS", "") == "on"
SESSION_COOKIE_NAME = "__Host-session" if _TLS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _TLS else "csrf"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _TLS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _TLS else 0
CSRF_FAILURE_VIEW = "bridgehead.site.errors.csrf_failed"

OIDC = provider(os.environ)
if OIDC:
    AUTHENTICATION_BACKENDS.append("bridgehead.ground.people.provider.ByProvider")
    vars().update(OIDC)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English"), ("ru", "Русский"), ("mn", "Монгол")]
LOCALE_PATHS = [_HERE / "locale"]
USE_I18N = True
USE_TZ = True
# Of the region, for the log; pages name the zone beside a time. UTC where the file cannot be read, which is told later.
TIME_ZONE = read_settings(region_path(BRIDGEHEAD_REGION) / SETTINGS_FILE)[0].time_zone

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "bridgehead.site.assets.NamedByContent"},
}
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder"]

BRIDGEHEAD_FILE_MB = float(os.environ.get("BRIDGEHEAD_FILE_MB") or 20)
FILE_UPLOAD_HANDLERS = [
    "bridgehead.ground.files.uploads.UpToTheLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200  # a duty may have 60 bearers, each with its part

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers would mail administrators; refused requests (4xx) are the visitor's matter.
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}
