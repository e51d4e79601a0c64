"""The client: settings, pipeline and resources put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, Unpack

from glomo.http.connections import Connections
from glomo.http.driver import Driver, Limits
from glomo.http.headers import client_headers, user_agent
from glomo.http.request import RequestBuilder
from glomo.instrumentation.events import Observer
from glomo.instrumentation.logging import configure_from_environment
from glomo.instrumentation.observers import Observers
from glomo.lazy import LazyResource, resource_class

from ._version import __version__
from .client_arguments import derived, limiter_of, token_of, untyped_operation
from .http.capture import RawResponse, capture
from .http.limiter import Limiter
from .http.operation import Call, CallOptions, Replay
from .http.transport import Transport
from .http.transports import TransportName, choose_transport
from .settings import (
    Environment,
    check_integer,
    check_limits,
    check_seconds,
    resolve_base_url,
    resolve_key,
)

if TYPE_CHECKING:
    import httpx
    import httpx2

    from .http.transports.environment import Verify
    from .models.platform import Merchant
    from .resources.api_keys import ApiKeysResource
    from .resources.balance_conversions import BalanceConversionsResource
    from .resources.balances import BalancesResource
    from .resources.bank_account_validations import BankAccountValidationsResource
    from .resources.beneficiaries import BeneficiariesResource
    from .resources.beneficiaries_v1 import BeneficiariesV1Resource
    from .resources.customers import CustomersResource
    from .resources.documents import DocumentsResource
    from .resources.internal_transfers import InternalTransfersResource
    from .resources.lrs import LrsResource
    from .resources.orders import OrdersResource
    from .resources.payment_links import PaymentLinksResource
    from .resources.payments import PaymentsResource
    from .resources.payouts import PayoutsResource
    from .resources.platform import PlatformResource
    from .resources.prices import PricesResource
    from .resources.quotes import QuotesResource
    from .resources.refunds import RefundsResource
    from .resources.rfis import RfisResource
    from .resources.settlements import SettlementsResource
    from .resources.subscriptions import SubscriptionsResource
    from .resources.virtual_accounts import VirtualAccountsResource
    from .resources.withdrawal_accounts import WithdrawalAccountsResource
    from .resources.withdrawals import WithdrawalsResource


class AsyncGlomo:
    """A client of the Glomo API.

        async with AsyncGlomo() as glomo:
            balances = await glomo.balances.retrieve()

    One client serves any number of concurrent calls: make one and keep it.
    """

    api_keys: LazyResource[ApiKeysResource] = LazyResource("api_keys", "ApiKeysResource")
    balance_conversions: LazyResource[BalanceConversionsResource] = LazyResource(
        "balance_conversions", "BalanceConversionsResource"
    )
    balances: LazyResource[BalancesResource] = LazyResource("balances", "BalancesResource")
    bank_account_validations: LazyResource[BankAccountValidationsResource] = LazyResource(
        "bank_account_validations", "BankAccountValidationsResource"
    )
    beneficiaries: LazyResource[BeneficiariesResource] = LazyResource(
        "beneficiaries", "BeneficiariesResource"
    )
    beneficiaries_v1: LazyResource[BeneficiariesV1Resource] = LazyResource(
        "beneficiaries_v1", "BeneficiariesV1Resource"
    )
    customers: LazyResource[CustomersResource] = LazyResource("customers", "CustomersResource")
    documents: LazyResource[DocumentsResource] = LazyResource("documents", "DocumentsResource")
    internal_transfers: LazyResource[InternalTransfersResource] = LazyResource(
        "internal_transfers", "InternalTransfersResource"
    )
    lrs: LazyResource[LrsResource] = LazyResource("lrs", "LrsResource")
    orders: LazyResource[OrdersResource] = LazyResource("orders", "OrdersResource")
    payment_links: LazyResource[PaymentLinksResource] = LazyResource(
        "payment_links", "PaymentLinksResource"
    )
    payments: LazyResource[PaymentsResource] = LazyResource("payments", "PaymentsResource")
    payouts: LazyResource[PayoutsResource] = LazyResource("payouts", "PayoutsResource")
    platform: LazyResource[PlatformResource] = LazyResource("platform", "PlatformResource")
    prices: LazyResource[PricesResource] = LazyResource("prices", "PricesResource")
    quotes: LazyResource[QuotesResource] = LazyResource("quotes", "QuotesResource")
    refunds: LazyResource[RefundsResource] = LazyResource("refunds", "RefundsResource")
    rfis: LazyResource[RfisResource] = LazyResource("rfis", "RfisResource")
    settlements: LazyResource[SettlementsResource] = LazyResource(
        "settlements", "SettlementsResource"
    )
    subscriptions: LazyResource[SubscriptionsResource] = LazyResource(
        "subscriptions", "SubscriptionsResource"
    )
    virtual_accounts: LazyResource[VirtualAccountsResource] = LazyResource(
        "virtual_accounts", "VirtualAccountsResource"
    )
    withdrawal_accounts: LazyResource[WithdrawalAccountsResource] = LazyResource(
        "withdrawal_accounts", "WithdrawalAccountsResource"
    )
    withdrawals: LazyResource[WithdrawalsResource] = LazyResource(
        "withdrawals", "WithdrawalsResource"
    )

    _shared = False  # whether the connections are another client's, which closes them

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float = 60.0,
        queue_timeout: float | None = None,
        connect_timeout: float | None = None,
        read_timeout: float | None = None,
        max_retries: int = 4,
        rate_limit: int | Limiter | None = 3000,
        max_in_flight: int = 200,
        max_response_bytes: int = 16 * 1024 * 1024,
        validate: bool = True,
        public_key: str | None = None,
        allow_http: bool = False,
        verify: Verify = True,
        default_headers: Mapping[str, str] | None = None,
        app: str | None = None,
        observers: Sequence[Observer] = (),
        transport: Transport | TransportName | None = None,
        http_client: httpx.AsyncClient | httpx2.AsyncClient | None = None,
    ) -> None:
        """Make a client. Nothing is sent, and no connection is opened, before the first call.

        Args:
            api_key: the secret key; left out, `GLOMO_API_KEY` is read.
            base_url: the API's address up to `/api`; left out, `GLOMO_BASE_URL` or the live API.
            timeout: seconds for a call once it has its turn: attempts and the pauses between them.
            queue_timeout: seconds that a call may wait for turns; `None`: as long as it takes.
            connect_timeout: seconds for a connection; left out, 5.
            read_timeout: seconds for one attempt, from connecting to the end of its response; left
                out, half of `timeout`, or all of it for calls that are never repeated.
            max_retries: failures of a call that are tried again; a 429 is none.
            rate_limit: attempts a minute, shared by all calls; `None` for no limit. Clients behind
                one address share the API's limit: give them one `RateLimiter`, or any `Limiter`.
            max_in_flight: how many attempts may be under way at once.
            max_response_bytes: responses longer than this are refused.
            validate: check the API's own rules before sending. `False` for the day they change.
            public_key: PEM of the key that signs API keys; given, the key's signature is verified.
            allow_http: allow `http://` to hosts other than loopback.
            verify: the file or folder of the authorities to trust, or an `ssl.SSLContext`; left
                out, what `SSL_CERT_FILE` names, or else certifi.
            default_headers: headers to put on every request.
            app: your program, as `acme-payouts/1.2`, to be named in the User-Agent.
            observers: are told what happens: `glomo.instrumentation`.
            transport: what speaks HTTP: `"httpx"`, also when left out and whatever else is
                installed; `"aiohttp"` (`pip install glomo[fast]`), which takes half the CPU time
                and needs asyncio, but no SOCKS proxy; or a transport of your own.
            http_client: your own `AsyncClient` of httpx or httpx2, in place of `transport`. It
                stays yours to close; its headers, parameters and time-outs apply.

        Raises:
            ConfigurationError: a key, an address or a limit that cannot work.
        """
        try:
            key = resolve_key(api_key, public_key)
        finally:
            del api_key  # a refusal may be reported with the variables of every frame
        configure_from_environment()
        address = resolve_base_url(base_url, allow_http=allow_http)
        check_limits(timeout, queue_timeout, max_retries, max_in_flight, max_response_bytes)
        check_seconds("connect_timeout", connect_timeout, optional=True)
        check_seconds("read_timeout", read_timeout, optional=True)
        self._environment: Environment | None = key.environment
        self._subject: str | None = key.subject
        self._base_url = address
        self._public_key = public_key
        self._validate = validate
        self._rate_limit = limiter_of(rate_limit)
        self.observers = Observers(observers)
        self._driver = Driver(
            requests=RequestBuilder(
                key=key,
                base_url=address,
                user_agent=user_agent(__version__, app),
                max_response_bytes=max_response_bytes,
            ).with_headers(client_headers(default_headers, "default_headers")),
            connections=Connections(
                choose_transport(
                    address, transport, http_client, verify=verify, connect_timeout=connect_timeout
                ),
                self._rate_limit,
                max_in_flight,
            ),
            limits=Limits(timeout, queue_timeout, max_retries, read_timeout),
            observers=self.observers,
        )

    @property
    def environment(self) -> Environment | None:
        """What the key is for: `"production"` or `"sandbox"`; `None` if the key does not say."""
        return self._environment

    @property
    def subject(self) -> str | None:
        """The account that the key says it is for; `None` if the key does not say."""
        return self._subject

    @property
    def rate_limit(self) -> Limiter | None:
        """What gives requests their places; `None` for no limit."""
        return self._rate_limit

    @property
    def base_url(self) -> str:
        """The API's address, up to `/api`."""
        return self._base_url

    def __repr__(self) -> str:
        # An error in __init__ may be reported with a client that is not whole yet.
        address = getattr(self, "_base_url", "not set up")
        return (
            f"<{type(self).__name__} {address} environment={getattr(self, '_environment', None)!r}>"
        )

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        replay: Replay | None = None,
        **options: Unpack[CallOptions],
    ) -> Any:
        """Call an operation that this SDK does not know yet, the same way as all others.

        Args:
            method: the HTTP method.
            path: the path with its version, such as `"/v1/new-things"`.
            query: query parameters.
            body: the JSON body.
            replay: whether it may be sent again after its outcome is unknown; left out, reads may
                and everything else may not.

        Returns:
            The response's JSON value; numbers with a point are `Decimal`.
        """
        op = untyped_operation(method, path, query, body, replay)
        return await self._driver.send(op, Call(query=query or {}, body=body, options=options))

    def capture(self) -> AbstractContextManager[list[RawResponse]]:
        """Collect the raw responses of the calls inside a `with` block.

            with glomo.capture() as responses:
                payout = await glomo.payouts.retrieve("payout_...")
            responses[-1].status, responses[-1].headers, responses[-1].body

        Error responses and those of retries and look-ups are among them.
        """
        return capture()

    def as_merchant(self, merchant: Merchant | str) -> Self:
        """Act as a merchant of your platform.

            acting = glomo.as_merchant(merchant)
            account = await acting.virtual_accounts.create(payment_type="local", currency="AED")

        The client that you get shares connections, rate limit and all settings with this one, and
        is closed with it: closing it by itself does nothing.

        Args:
            merchant: the merchant as `platform.onboard_merchant` returned it, or its `jwt_token`.

        Raises:
            ConfigurationError: the merchant comes without its token, or the token cannot be used.
        """
        try:
            key = resolve_key(token_of(merchant), self._public_key)
        finally:
            del merchant  # a refusal may be reported with the variables of every frame
        acting = derived(self, self._driver.with_key(key))
        acting._environment, acting._subject = key.environment, key.subject
        return acting

    def with_options(
        self,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> Self:
        """The same client with other settings, for some of the calls.

            patient = glomo.with_options(timeout=300)
            document = await patient.documents.create(file="invoice.pdf", document_name="invoice")

        It shares connections and rate limit with this one, and is closed with it.

        Args:
            timeout: seconds for a call once it has its turn.
            max_retries: how often a call is tried again after a failure.
            extra_headers: headers to put on every request, besides or in place of this client's.
        """
        check_seconds("timeout", timeout, optional=True)
        if max_retries is not None:
            check_integer("max_retries", max_retries, 0)
        headers = client_headers(extra_headers, "extra_headers")
        return derived(self, self._driver.with_settings(timeout, max_retries, headers))

    def resource(self, module: str, name: str) -> Any:
        """Make a resource of this client."""
        kind = resource_class(f"glomo.resources.{module}", name)
        return kind(self._driver, validate=self._validate)

    def reset(self) -> None:
        """Forget event loop and connections without touching them: in a forked child."""
        self._driver.connections.reset()

    async def aclose(self) -> None:
        """Close the connections. Later calls raise `ClosedError`."""
        if not self._shared:
            await self._driver.connections.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()
