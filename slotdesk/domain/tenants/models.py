"""Who uses Slotdesk: accounts (MSPs), their people, and what each may do."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from slotdesk.domain.tenants.ids import new_id
from slotdesk.domain.tenants.permissions import BuiltIn, Permission


def account_id() -> str:
    return new_id("acct")


def role_id() -> str:
    return new_id("role")


def membership_id() -> str:
    return new_id("user")


class SecondFactor(models.TextChoices):
    """Who must sign in with a second factor."""

    NOBODY = "nobody", pgettext_lazy("staff", "Nobody must; everybody may")
    ADMINISTRATORS = "administrators", pgettext_lazy("staff", "Administrators")
    EVERYBODY = "everybody", pgettext_lazy("staff", "Everybody")


class Account(models.Model):
    """
    One MSP: the tenant. Every other row belongs to exactly one.

    second_factor_since   since when it is asked for; from then people have seven days
    """

    public_id = models.CharField(max_length=32, unique=True, default=account_id, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    country = models.CharField(max_length=2, default="US", help_text="Decides how phone numbers are read.")
    zone = models.CharField(max_length=64, default="UTC", help_text="Used where nothing else names a zone.")
    support_email = models.EmailField(blank=True, help_text="Where clients' replies go.")
    support_phone = models.CharField(max_length=40, blank=True)
    brand_color = models.CharField(max_length=7, default="#1f5eff")
    language = models.CharField(max_length=10, default="en")
    second_factor = models.CharField(max_length=16, choices=SecondFactor.choices, default=SecondFactor.NOBODY)
    second_factor_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @cached_property
    def is_first(self) -> bool:
        """Whether it is the installation's oldest account, whose links do without its name."""
        return not Account.objects.filter(pk__lt=self.pk).exists()


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = User(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class Language(models.TextChoices):
    """In which dates can be written for a person; each calls itself as its speakers do."""

    ENGLISH = "en", "English"
    SPANISH = "es", "Español"
    FRENCH = "fr", "Français"
    GERMAN = "de", "Deutsch"
    PORTUGUESE = "pt-br", "Português (Brasil)"
    ARABIC = "ar", "العربية"


class User(AbstractBaseUser):
    """A person who signs in; what they may do is said by their memberships."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.ENGLISH)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_ignoring_case")]

    def __str__(self) -> str:
        return self.name or self.email


class Role(models.Model):
    """
    What its members may do.

    key           which built-in role it is; empty for one of the account's own
    permissions   values of Permission; an administrator's are all of them, whatever is stored
    """

    public_id = models.CharField(max_length=32, unique=True, default=role_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="roles")
    key = models.CharField(max_length=20, blank=True, editable=False)
    name = models.CharField(max_length=60)
    permissions = ArrayField(models.CharField(max_length=40), default=list)

    objects: ClassVar[models.Manager[Role]] = ScopedManager(account="account")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], condition=~models.Q(key=""), name="role_built_in_once"),
            models.UniqueConstraint(models.F("account"), Lower("name"), name="role_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_fixed(self) -> bool:
        """Whether what it allows cannot be changed."""
        return bool(self.key) and BuiltIn(self.key).is_fixed

    @property
    def granted(self) -> frozenset[Permission]:
        """What it allows; a permission that this version does not know is not among it."""
        if self.key == BuiltIn.ADMINISTRATOR:
            return frozenset(Permission)
        return frozenset(each for each in Permission if each in self.permissions)


class Membership(models.Model):
    """
    A user's place in an account.

    left_at   when they were deactivated; what they did stays theirs
    """

    public_id = models.CharField(max_length=32, unique=True, default=membership_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="memberships")
    left_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[Membership]] = ScopedManager(account="account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} at {self.account}"


def invitation_id() -> str:
    return new_id("invt")


class Invitation(models.Model):
    """
    An offer of a place in an account, sent to an address.

    digest     of the secret in the link, which is never stored itself
    team_ids   public ids of the teams that the person joins when they accept
    sent_at    when the mail server took the e-mail; None = not yet
    problem    why it never will, in words for staff; then nobody tries again
    """

    public_id = models.CharField(max_length=32, unique=True, default=invitation_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.ForeignKey(Role, on_delete=models.CASCADE)
    team_ids = ArrayField(models.CharField(max_length=40), default=list)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.CharField(max_length=160)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=255, blank=True)
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Invitation]] = ScopedManager(account="account")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.F("account"),
                Lower("email"),
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="invitation_open_once",
            )
        ]

    def __str__(self) -> str:
        return self.email


class JoinDomain(models.Model):
    """People who prove an address of this domain may join the account by themselves, with this role."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="join_domains")
    domain = models.CharField(max_length=253)
    role = models.ForeignKey(Role, on_delete=models.CASCADE)

    objects: ClassVar[models.Manager[JoinDomain]] = ScopedManager(account="account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "domain"], name="join_domain_once")]

    def __str__(self) -> str:
        return self.domain
