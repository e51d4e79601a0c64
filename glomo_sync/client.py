# Generated from glomo/client.py by glomo_sync.generate. Do not edit.
"""The synchronous client: the asynchronous one behind a bridge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, Unpack

from glomo.client import AsyncGlomo
from glomo.http.capture import RawResponse
from glomo.http.limiter import Limiter
from glomo.http.operation import CallOptions, Replay
from glomo.http.transport import Transport
from glomo.http.transports import TransportName
from glomo.instrumentation.events import Observer
from glomo.lazy import LazyResource, resource_class
from glomo.settings import Environment
from glomo_sync._bridge import Bridge
from glomo_sync._hooks import this_process

if TYPE_CHECKING:
    import httpx
    import httpx2

    from glomo.http.transports.environment import Verify
    from glomo.models.platform import Merchant

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


class Glomo:
    """A client of the Glomo API.

        with Glomo() as glomo:
            balances = glomo.balances.retrieve()

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
            with this_process().lock:  # a fork waits until it is made
                self._async = AsyncGlomo(
                    api_key,
                    base_url=base_url,
                    timeout=timeout,
                    queue_timeout=queue_timeout,
                    connect_timeout=connect_timeout,
                    read_timeout=read_timeout,
                    max_retries=max_retries,
                    rate_limit=rate_limit,
                    max_in_flight=max_in_flight,
                    max_response_bytes=max_response_bytes,
                    validate=validate,
                    public_key=public_key,
                    allow_http=allow_http,
                    verify=verify,
                    default_headers=default_headers,
                    app=app,
                    observers=observers,
                    transport=transport,
                    http_client=http_client,
                )
        finally:
            del api_key
        self._bridge = Bridge(reset=self._async.reset, aclose=self._async.aclose)

    @property
    def environment(self) -> Environment | None:
        """What the key is for: `"production"` or `"sandbox"`; `None` if the key does not say."""
        return self._async.environment

    @property
    def subject(self) -> str | None:
        """The account that the key says it is for; `None` if the key does not say."""
        return self._async.subject

    @property
    def rate_limit(self) -> Limiter | None:
        """What gives requests their places; `None` for no limit."""
        return self._async.rate_limit

    @property
    def base_url(self) -> str:
        """The API's address, up to `/api`."""
        return self._async.base_url

    def __repr__(self) -> str:
        if not hasattr(self, "_async"):  # an error in __init__ may be reported with this client
            return f"<{type(self).__name__} not set up>"
        return repr(self._async).replace("AsyncGlomo", type(self).__name__, 1)

    def request(
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
        return self._bridge.call(
            lambda: self._async.request(
                method,
                path,
                query=query,
                body=body,
                replay=replay,
                **options,
            )
        )

    def capture(self) -> AbstractContextManager[list[RawResponse]]:
        """Collect the raw responses of the calls inside a `with` block.

            with glomo.capture() as responses:
                payout = glomo.payouts.retrieve("payout_...")
            responses[-1].status, responses[-1].headers, responses[-1].body

        Error responses and those of retries and look-ups are among them.
        """
        return self._async.capture()

    def as_merchant(self, merchant: Merchant | str) -> Self:
        """Act as a merchant of your platform.

            acting = glomo.as_merchant(merchant)
            account = acting.virtual_accounts.create(payment_type="local", currency="AED")

        The client that you get shares connections, rate limit and all settings with this one, and
        is closed with it: closing it by itself does nothing.

        Args:
            merchant: the merchant as `platform.onboard_merchant` returned it, or its `jwt_token`.

        Raises:
            ConfigurationError: the merchant comes without its token, or the token cannot be used.
        """
        # Without the resources that were made already: they act as this client.
        own = {name: value for name, value in dict(vars(self)).items() if name.startswith("_")}
        acting = object.__new__(type(self))
        acting.__dict__.update(own, _shared=True)
        try:
            acting._async = self._async.as_merchant(merchant)
        finally:
            del merchant  # a refusal may be reported with the variables of every frame
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
            document = patient.documents.create(file="invoice.pdf", document_name="invoice")

        It shares connections and rate limit with this one, and is closed with it.

        Args:
            timeout: seconds for a call once it has its turn.
            max_retries: how often a call is tried again after a failure.
            extra_headers: headers to put on every request, besides or in place of this client's.
        """
        # Without the resources that were made already: they act as this client.
        own = {name: value for name, value in dict(vars(self)).items() if name.startswith("_")}
        derived = object.__new__(type(self))
        derived.__dict__.update(own, _shared=True)
        derived._async = self._async.with_options(
            timeout=timeout,
            max_retries=max_retries,
            extra_headers=extra_headers,
        )
        return derived

    def resource(self, module: str, name: str) -> Any:
        """Make a resource of this client."""
        with this_process().lock:  # a fork waits until everything is imported
            cls = resource_class(f"glomo_sync.resources.{module}", name)
            return cls(self._bridge, getattr(self._async, module))

    def close(self) -> None:
        """Let calls in flight finish and close the connections. Later calls raise `ClosedError`."""
        if not self._shared:
            self._bridge.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
