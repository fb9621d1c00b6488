//! The codes of rejections. They are stable; their order here is their precedence.

macro_rules! rejections {
    ($($(#[doc = $doc:literal])+ $name:ident $code:literal $advice:literal;)+) => {
        /// Stable code of a rejection, in order of precedence: when several apply, the first in this list is told.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum RejectionCode {$(
            $(#[doc = $doc])+
            $name,
        )+}

        impl RejectionCode {
            /// Every code, in order of precedence.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The code as callers see it.
            pub fn code(self) -> &'static str {
                match self {$(Self::$name => $code,)+}
            }

            /// What it means, as a sentence.
            pub fn meaning(self) -> &'static str {
                match self {$(Self::$name => concat!($($doc),+).trim_ascii(),)+}
            }

            /// What the caller can do.
            pub fn advice(self) -> &'static str {
                match self {$(Self::$name => $advice,)+}
            }
        }
    };
}

rejections! {
    // 1. The organisation and the key: a key that is known is answered before anything else is looked at.
    /// The idempotency key is empty or too long.
    KeyInvalid "KEY_INVALID" "send an idempotency key of 1 to 255 bytes";
    /// The command is longer than a record may be, or gives more events than one atomic append holds.
    CommandTooLarge "COMMAND_TOO_LARGE" "split the command";
    /// No organisation has this id.
    OrganisationUnknown "ORGANISATION_UNKNOWN" "check the organisation's id";
    /// The organisation is open already.
    OrganisationExists "ORGANISATION_EXISTS" "use the organisation as it is";
    /// The key was used with other parameters.
    IdempotencyKeyReused "IDEMPOTENCY_KEY_REUSED" "use a new key, or repeat the first command unchanged";

    // 2. The shape of the request: nothing that it names has been looked up yet.
    /// A fact without a time, or a live command with one.
    TimeNotAllowed "TIME_NOT_ALLOWED" "leave the time out of a live command and state it in a report of a fact";
    /// An instant outside 2000 to 2200.
    TimeOutOfRange "TIME_OUT_OF_RANGE" "state an instant between 2000 and 2200";
    /// Instants in the wrong order.
    TimeOrder "TIME_ORDER" "put the instants in order";
    /// The address is none that events may be delivered to: not `https`, or `http` of another machine, with a name and
    /// password, a fragment, spaces or signs outside ASCII, or longer than 500 bytes.
    UrlInvalid "URL_INVALID" "name an https address without a name, password or fragment";
    /// The name of the log is none: empty, longer than 200 bytes, or with a space, a `+`, a slash at its end or a sign
    /// outside ASCII.
    OriginInvalid "ORIGIN_INVALID" "name the log by a URL without scheme, such as ledger.example.org/venue";
    /// A required text is empty.
    TextEmpty "TEXT_EMPTY" "fill in the field";
    /// A text is too long.
    TextTooLong "TEXT_TOO_LONG" "shorten the field";
    /// A text holds control characters, or a field that must be empty holds text.
    TextNotAllowed "TEXT_NOT_ALLOWED" "remove control characters, or leave the field empty";
    /// A list is empty where something is needed.
    ListEmpty "LIST_EMPTY" "name at least one";
    /// A list is too long.
    ListTooLong "LIST_TOO_LONG" "split the command";
    /// The same thing twice in one command.
    Duplicate "DUPLICATE" "name each only once";
    /// A count of zero.
    QuantityZero "QUANTITY_ZERO" "ask for at least one";
    /// A count beyond what the ledger takes.
    QuantityTooLarge "QUANTITY_TOO_LARGE" "ask for fewer";
    /// An amount below zero, or zero where it must be more.
    AmountNegative "AMOUNT_NEGATIVE" "state an amount that is not negative (payments: above zero)";
    /// An amount beyond what the ledger takes.
    AmountTooLarge "AMOUNT_TOO_LARGE" "state a smaller amount";
    /// More decimal places than the currency has, or than a rate takes.
    AmountPrecision "AMOUNT_PRECISION" "state no more decimal places than the currency has (rates: four)";
    /// A rate below 0 or above 100 %.
    RateOutOfRange "RATE_OUT_OF_RANGE" "state a rate between 0 and 100 %";
    /// A weight that is not above zero.
    WeightInvalid "WEIGHT_INVALID" "state a weight above zero";
    /// The commission's terms contradict each other.
    CommissionTermsInvalid "COMMISSION_TERMS_INVALID" "charge something; inside, only organisers and no free tickets; per ticket, no rate; tiers and limits ascending";
    /// A deal that is not written as a deal is.
    DealUnreadable "DEAL_UNREADABLE" "write the deal as docs/settlement.md says; name a template that is there, and a value for each of its parameters";
    /// A deal without a step that the show's receipts come in by.
    DealBaseMissing "DEAL_BASE_MISSING" "begin with a step of role receipts, without VAT";
    /// A step of a deal names one that the deal does not have.
    DealStepUnknown "DEAL_STEP_UNKNOWN" "name a step of the deal";
    /// A step of a deal names itself or a later one: the steps go in a circle.
    DealStepOrder "DEAL_STEP_ORDER" "name earlier steps only, or put the steps in order";
    /// A step's role, rule and party contradict each other.
    DealStepInvalid "DEAL_STEP_INVALID" "receipts are without VAT, shares name a party, only a difference closes; tiers, thresholds and lists as the rule takes them";
    /// Shares of one step come to more than the whole of it.
    SharesOverWhole "SHARES_OVER_WHOLE" "share out at most 100 % of a step";
    /// A tax, royalty or contribution whose rate is a bare number: it has no date.
    RateWithoutDate "RATE_WITHOUT_DATE" "name the rate by its key, so that it is looked up at the date of the show";
    /// What the parties get does not add up to the receipts.
    DealNotClosed "DEAL_NOT_CLOSED" "end with one party by difference that takes every line off the receipts, each once";
    /// The lines of a settlement do not add up to its receipts.
    SettlementUnbalanced "SETTLEMENT_UNBALANCED" "compute the settlement again, and seal all of its lines";
    /// The number of an account does not begin with three digits, or holds other than letters, digits and hyphens.
    AccountInvalid "ACCOUNT_INVALID" "state three digits of the chart of accounts, then letters, digits, hyphens or {}";
    /// An account that differs by what accounts of its role cannot differ by.
    AccountKeyInvalid "ACCOUNT_KEY_INVALID" "VAT collected differs by rate, clearing by way of paying, a current account by channel or party";
    /// A role or book that every entry may need has no account or code.
    AccountMissing "ACCOUNT_MISSING" "name an account for every role and a code for every book";
    /// Nothing of the profile is stated.
    ProfileEmpty "PROFILE_EMPTY" "state what changes: leave a field out to keep it, send it empty to empty it";
    /// No message can be sent to the e-mail.
    EmailInvalid "EMAIL_INVALID" "state an address such as name@example.org";
    /// What is stated is no telephone number.
    TelephoneInvalid "TELEPHONE_INVALID" "state 3 to 20 digits, with spaces, dots, hyphens or brackets; + only at the begin";
    /// The language is no tag of a language.
    LanguageInvalid "LANGUAGE_INVALID" "state a language such as fr, or with its region such as fr-FR";
    /// What is stated is no postal code, or none of the country.
    PostalCodeInvalid "POSTAL_CODE_INVALID" "state the postal code: five digits in France, elsewhere up to 12 letters and digits";
    /// The country is none of ISO 3166-1.
    CountryInvalid "COUNTRY_INVALID" "state two capital letters such as FR";
    /// The purpose's name for programs holds other than small letters, digits and hyphens.
    PurposeKeyInvalid "PURPOSE_KEY_INVALID" "state small letters, digits and hyphens, beginning with a letter";
    /// A currency that the ledger does not know.
    CurrencyUnknown "CURRENCY_UNKNOWN" "use a currency of the list";
    /// A time zone that the tz database does not know.
    TimeZoneUnknown "TIME_ZONE_UNKNOWN" "use an IANA time zone such as Europe/Paris";

    // 3. What the request names.
    /// No such actor.
    ActorUnknown "ACTOR_UNKNOWN" "register the actor first";
    /// The actor's role does not allow this.
    ActorNotAllowed "ACTOR_NOT_ALLOWED" "ask someone whose role allows it, or have the role changed";
    /// The actor is not assigned to the channel.
    ChannelNotAllowed "CHANNEL_NOT_ALLOWED" "act on one of the actor's channels, or have it assigned to this one";
    /// No such hall.
    HallUnknown "HALL_UNKNOWN" "check the hall's number";
    /// No such show.
    ShowUnknown "SHOW_UNKNOWN" "check the show's number";
    /// No such zone, or not one of the show's.
    ZoneUnknown "ZONE_UNKNOWN" "check the zone's number";
    /// No such seat in the zone.
    SeatUnknown "SEAT_UNKNOWN" "check the seat's number";
    /// No such tariff, or not one of the show's.
    TariffUnknown "TARIFF_UNKNOWN" "check the tariff's number";
    /// No such channel.
    ChannelUnknown "CHANNEL_UNKNOWN" "check the channel's number";
    /// No such way of paying.
    MethodUnknown "METHOD_UNKNOWN" "check the method's number";
    /// No such product.
    ProductUnknown "PRODUCT_UNKNOWN" "check the product's number";
    /// No such pack.
    PackUnknown "PACK_UNKNOWN" "check the pack's number";
    /// No such kind of card.
    CardTypeUnknown "CARD_TYPE_UNKNOWN" "check the number of the kind of card";
    /// No such card.
    CardUnknown "CARD_UNKNOWN" "check the card's number";
    /// No such gift card or voucher.
    StoredValueUnknown "STORED_VALUE_UNKNOWN" "check the number of the gift card or voucher";
    /// No such party.
    PartyUnknown "PARTY_UNKNOWN" "register the party first";
    /// No such commission.
    CommissionUnknown "COMMISSION_UNKNOWN" "check the commission's number";
    /// No such provider's plan.
    ProviderPlanUnknown "PROVIDER_PLAN_UNKNOWN" "check the plan's number";
    /// No such gate.
    GateUnknown "GATE_UNKNOWN" "check the gate's number";
    /// No such signing key.
    CodeKeyUnknown "CODE_KEY_UNKNOWN" "check the key's number";
    /// No such key of checkpoints.
    CheckpointKeyUnknown "CHECKPOINT_KEY_UNKNOWN" "check the key's number";
    /// No such webhook.
    WebhookUnknown "WEBHOOK_UNKNOWN" "check the webhook's id";
    /// No such kind of event.
    EventKindUnknown "EVENT_KIND_UNKNOWN" "name kinds of the catalogue of events";
    /// Positions that are not in the log yet, or the last before the first.
    PositionInvalid "POSITION_INVALID" "state positions that are in the log, the first not after the last";
    /// No such credential.
    CredentialUnknown "CREDENTIAL_UNKNOWN" "check the credential's number";
    /// No such token.
    TokenUnknown "TOKEN_UNKNOWN" "check the token's number";
    /// No such hold.
    HoldUnknown "HOLD_UNKNOWN" "check the hold's number";
    /// No such order.
    OrderUnknown "ORDER_UNKNOWN" "check the order's number";
    /// No such ticket, or not one of the order's.
    TicketUnknown "TICKET_UNKNOWN" "check the ticket's number";
    /// No such item, or not one of the order's.
    ItemUnknown "ITEM_UNKNOWN" "check the item's number";
    /// No payment on its way with this number, or not one of the order's.
    PaymentUnknown "PAYMENT_UNKNOWN" "check the payment's number";
    /// No such till session.
    TillSessionUnknown "TILL_SESSION_UNKNOWN" "check the session's number";
    /// No such work.
    WorkUnknown "WORK_UNKNOWN" "check the work's number";
    /// No such deal, or the show has none.
    DealUnknown "DEAL_UNKNOWN" "agree on a deal first";
    /// No rate by this key holds at the date of the show, in its territory.
    RateUnknown "RATE_UNKNOWN" "check the key, or set the rate from a date on";
    /// No such cost.
    CostUnknown "COST_UNKNOWN" "check the cost's number";
    /// No such advance.
    AdvanceUnknown "ADVANCE_UNKNOWN" "check the advance's number";
    /// No such settlement.
    SettlementUnknown "SETTLEMENT_UNKNOWN" "seal a settlement first";
    /// No such person.
    SubjectUnknown "SUBJECT_UNKNOWN" "check the person's reference or e-mail";
    /// No such purpose.
    PurposeUnknown "PURPOSE_UNKNOWN" "register the purpose first";
    /// No such version of the purpose's wording.
    WordingUnknown "WORDING_UNKNOWN" "state a version that the wording had, or none for the present one";
    /// No such season.
    SeasonUnknown "SEASON_UNKNOWN" "check the season's number";
    /// No such closing.
    ClosingUnknown "CLOSING_UNKNOWN" "check the closing's number; a year is archived once it is closed";
    /// No file of this hash and length is kept.
    FileNotKept "FILE_NOT_KEPT" "send the file itself first";
    /// The reference is another show's.
    ReferenceTaken "REFERENCE_TAKEN" "use another reference";

    /// Another purpose has this name for programs.
    PurposeKeyTaken "PURPOSE_KEY_TAKEN" "use the purpose that there is, or another key";

    // 4. The state of what it names.
    /// The show is not open for sale yet.
    ShowNotOpen "SHOW_NOT_OPEN" "open the show first";
    /// The show is open already.
    ShowAlreadyOpen "SHOW_ALREADY_OPEN" "nothing to do";
    /// The show is closed.
    ShowClosed "SHOW_CLOSED" "nothing sells after closing";
    /// The show is cancelled.
    ShowCancelled "SHOW_CANCELLED" "nothing sells or changes once a show is cancelled; return its money";
    /// The show is not cancelled.
    ShowNotCancelled "SHOW_NOT_CANCELLED" "cancel the show first";
    /// A refund of the show is under way already.
    RefundUnderWay "REFUND_UNDER_WAY" "advance the refund that was begun";
    /// No refund of the show is under way.
    RefundNotBegun "REFUND_NOT_BEGUN" "begin the refund first; once it is finished nothing is left to do";
    /// No valid line of the show is left.
    NothingToRefund "NOTHING_TO_REFUND" "nothing to do";
    /// The show was not moved, or the time to ask for money is over.
    RefundPeriodOver "REFUND_PERIOD_OVER" "cancel for another reason, if the house allows it";
    /// The show has a deal already.
    DealExists "DEAL_EXISTS" "change the deal that the show has";
    /// The deal has another version by now, or none of this number.
    DealVersionMismatch "DEAL_VERSION_MISMATCH" "look at the deal's present version and ask again";
    /// The cost was withdrawn already.
    CostWithdrawn "COST_WITHDRAWN" "nothing to do";
    /// The advance was withdrawn already.
    AdvanceWithdrawn "ADVANCE_WITHDRAWN" "nothing to do";
    /// This version of the settlement is sealed: nothing of it changes.
    SettlementSealed "SETTLEMENT_SEALED" "seal the next version, as an amendment";
    /// No such version of the settlement is sealed, or one before it is not.
    SettlementNotSealed "SETTLEMENT_NOT_SEALED" "seal the version first, one after the other";
    /// A later version of the settlement is sealed.
    SettlementSuperseded "SETTLEMENT_SUPERSEDED" "name the last version that was sealed";
    /// The settlement was computed at a position that the log has not reached, or before its deal, costs and advances
    /// were what they are.
    SettlementOutdated "SETTLEMENT_OUTDATED" "compute the settlement again at the present position";
    /// Nothing differs from the version that is sealed.
    SettlementUnchanged "SETTLEMENT_UNCHANGED" "nothing to do";
    /// The settlement owes the party nothing, and it is none of its parties.
    PartyNotSettled "PARTY_NOT_SETTLED" "name a party of the settlement";
    /// The party has signed this version off already.
    AlreadySignedOff "ALREADY_SIGNED_OFF" "nothing to do";
    /// Before the show's sale window.
    SaleNotStarted "SALE_NOT_STARTED" "wait for the show's sale to start";
    /// After the show's sale window.
    SaleEnded "SALE_ENDED" "the show's sale has ended";
    /// Before the tariff's own window.
    TariffNotStarted "TARIFF_NOT_STARTED" "wait for the tariff's window, or use another tariff";
    /// After the tariff's own window.
    TariffEnded "TARIFF_ENDED" "use another tariff";
    /// After the tariff's booking deadline before the show.
    DeadlinePassed "DEADLINE_PASSED" "use another tariff";
    /// The channel is closed.
    ChannelClosed "CHANNEL_CLOSED" "sell through another channel";
    /// The channel has no open quota in the zone.
    QuotaClosed "QUOTA_CLOSED" "allocate a quota first";
    /// The hold was released, ran out or was used.
    HoldEnded "HOLD_ENDED" "place a new hold";
    /// The commission was ended.
    CommissionEnded "COMMISSION_ENDED" "define a new commission";
    /// The provider's plan was ended.
    ProviderPlanEnded "PROVIDER_PLAN_ENDED" "define a new plan";
    /// The till has an open session.
    TillAlreadyOpen "TILL_ALREADY_OPEN" "close the till's open session first";
    /// The till session is closed.
    TillSessionClosed "TILL_SESSION_CLOSED" "open a new session, or report what happened as a fact";
    /// The ticket is cancelled already.
    TicketAlreadyCancelled "TICKET_ALREADY_CANCELLED" "nothing to do";
    /// The item is cancelled already.
    ItemAlreadyCancelled "ITEM_ALREADY_CANCELLED" "nothing to do";
    /// The card is before or past its time, or was taken back.
    CardNotValid "CARD_NOT_VALID" "sell another tariff, or another card";
    /// The gift card or voucher is past its time, used up or taken back.
    StoredValueEnded "STORED_VALUE_ENDED" "pay in another way";
    /// The order that the card, gift card or voucher was bought with is not paid.
    RightNotPaid "RIGHT_NOT_PAID" "have the order paid that it was bought with";
    /// Nothing is past its time.
    NothingExpired "NOTHING_EXPIRED" "nothing to do";
    /// The period is closed already.
    PeriodAlreadyClosed "PERIOD_ALREADY_CLOSED" "nothing to do: what comes late goes into the first open day";
    /// The period is not over.
    PeriodNotOver "PERIOD_NOT_OVER" "wait until the commercial day has ended";
    /// Days before the period are open.
    ClosingOutOfOrder "CLOSING_OUT_OF_ORDER" "close the earlier days first";
    /// No open day is over.
    NothingToClose "NOTHING_TO_CLOSE" "nothing to do";
    /// The ticket was copied too often.
    TooManyCopies "TOO_MANY_COPIES" "cancel the ticket and sell another";
    /// The gift card or voucher has been used: it cannot be taken back.
    StoredValueInUse "STORED_VALUE_IN_USE" "return the money that is left in another way";

    /// The signing key is retired already.
    CodeKeyEnded "CODE_KEY_ENDED" "nothing to do";
    /// The credential was revoked, or has ended by itself.
    CredentialEnded "CREDENTIAL_ENDED" "issue another";
    /// The token was revoked already.
    TokenEnded "TOKEN_ENDED" "nothing to do";
    /// The organisation has given out a token, or once had one: it gives out the others itself.
    TokenNotFirst "TOKEN_NOT_FIRST" "ask an owner of the organisation for a token";
    /// Another one of the lines that are recorded together is refused.
    OtherLineRefused "OTHER_LINE_REFUSED" "correct the other lines, or have each line sold by itself";
    /// Somebody else signs in with this name.
    LoginTaken "LOGIN_TAKEN" "state another name, or end the other login first";
    /// The password could be guessed, or is too long.
    PasswordWeak "PASSWORD_WEAK" "choose 12 characters or more, 256 bytes at most, and not the name";
    /// The token is proved with a secret, not with a password.
    TokenNotLogin "TOKEN_NOT_LOGIN" "name a token that was given out as a login";

    /// Another person has this e-mail.
    EmailTaken "EMAIL_TAKEN" "change the other person's profile, or state another e-mail";
    /// The purpose takes no consents.
    PurposeClosed "PURPOSE_CLOSED" "open the purpose first; a withdrawal is always taken";
    /// The person was erased already.
    SubjectErased "SUBJECT_ERASED" "nothing to do";
    /// The person has valid tickets for a show that is not over.
    SubjectHoldsTickets "SUBJECT_HOLDS_TICKETS" "cancel the tickets, hand them on or wait until the show is over; or state that the person gives them up";
    /// The person owes money or has money to come.
    SubjectMoneyOpen "SUBJECT_MONEY_OPEN" "settle the person's orders first: take or return what is open, or cancel what is not paid";
    /// The person has a valid card, or a gift card or voucher with money left.
    SubjectHoldsRights "SUBJECT_HOLDS_RIGHTS" "take cards, gift cards and vouchers back or wait until they end; or state that the person gives them up";
    /// Nobody was erased since the vault's last epoch began, or no key was destroyed.
    EpochNotDue "EPOCH_NOT_DUE" "nothing to do";

    /// The remittance with this reference is recorded already.
    RemittanceKnown "REMITTANCE_KNOWN" "nothing to do; state the bank's own reference of another remittance";
    /// The journal is locked up to that day, or further.
    JournalLocked "JOURNAL_LOCKED" "name a later day";

    /// The key of checkpoints is retired already.
    CheckpointKeyEnded "CHECKPOINT_KEY_ENDED" "nothing to do";
    /// The webhook was retired.
    WebhookEnded "WEBHOOK_ENDED" "register another webhook";

    // 5. Rules of the catalogue.
    /// The role sells and the holder is assigned to no channel as that, or the other way round; or channels are named
    /// beside a holder or for a role that does not sell.
    RoleMismatch "ROLE_MISMATCH" "name channels for a role that sells and for no other; a holder keeps its assignment, and its role must be that";
    /// A log keeps its name: auditors and witnesses know it by that.
    OriginChanged "ORIGIN_CHANGED" "state the origin of the log's first key";
    /// Without another key the log could sign no checkpoint.
    CheckpointKeyLast "CHECKPOINT_KEY_LAST" "register another key first";
    /// An organisation has no more webhooks at once than twenty.
    WebhooksTooMany "WEBHOOKS_TOO_MANY" "retire a webhook first";
    /// A VAT rate in use has no account.
    VatAccountMissing "VAT_ACCOUNT_MISSING" "name an account of its own for every VAT rate in use";
    /// The actor is no device.
    ActorNotDevice "ACTOR_NOT_DEVICE" "name an actor of kind device";
    /// There are as many signing keys as a code can name.
    CodeKeysExhausted "CODE_KEYS_EXHAUSTED" "go on with the present key";
    /// The channel is not of the kind that this needs.
    ChannelKindMismatch "CHANNEL_KIND_MISMATCH" "name a channel of that kind";
    /// The way of paying is not cash.
    MethodNotCash "METHOD_NOT_CASH" "name a way of paying of kind cash";
    /// The drawer's cash was not counted.
    CashNotCounted "CASH_NOT_COUNTED" "count the drawer's cash";
    /// The tariff has no price in the zone.
    TariffNotInZone "TARIFF_NOT_IN_ZONE" "use a tariff of the zone";
    /// The tariff is not for the channel.
    TariffNotOnChannel "TARIFF_NOT_ON_CHANNEL" "use a tariff of the channel";
    /// The pack is not for the channel.
    PackNotOnChannel "PACK_NOT_ON_CHANNEL" "sell the pack through one of its channels";
    /// The shows chosen are not as many as the pack offers, or not the pack's.
    PackChoiceInvalid "PACK_CHOICE_INVALID" "choose as many of the pack's shows as it offers, each once";
    /// The tariff of a pack's tickets is not of kind pack.
    PackTariffInvalid "PACK_TARIFF_INVALID" "name a tariff of kind pack of the show";
    /// A ticket on a card whose tariff is not for subscribers.
    CardTariffInvalid "CARD_TARIFF_INVALID" "name a tariff of kind subscriber for a ticket on a card";
    /// The card gives no more reduced tickets for the show, or in total.
    CardRightsExceeded "CARD_RIGHTS_EXCEEDED" "sell the further tickets at another tariff";
    /// What is issued does not fit the item that it is sold as.
    RightMismatch "RIGHT_MISMATCH" "name an item of the right's product and price";
    /// Not as many new tickets as are given back.
    ExchangeMismatch "EXCHANGE_MISMATCH" "name one new ticket for each that is given back";
    /// A free ticket without a reason, or with one that the tariff does not take.
    CompReasonInvalid "COMP_REASON_INVALID" "give a reason that the tariff takes, for free tickets only";
    /// The price is not the tariff's.
    PriceMismatch "PRICE_MISMATCH" "show the buyer the present price and ask again";
    /// Less than the least that the buyer may pay.
    PriceBelowFloor "PRICE_BELOW_FLOOR" "ask the buyer for at least the tariff's floor";
    /// More than the most that the buyer may pay.
    PriceAboveCeiling "PRICE_ABOVE_CEILING" "ask the buyer for at most the tariff's ceiling";
    /// The tariff is for holders of a subscriber card.
    CardRequired "CARD_REQUIRED" "name a card with a right left, or use another tariff";
    /// Fewer tickets of the tariff than make a group.
    GroupTooSmall "GROUP_TOO_SMALL" "ask for at least as many as make a group, or use another tariff";
    /// More tickets of the tariff than one order may have.
    OrderLimitExceeded "ORDER_LIMIT_EXCEEDED" "ask for fewer of the tariff in one order";
    /// A zone with sold, held or allotted places is not moved.
    ZoneNotMoved "ZONE_NOT_MOVED" "say where the places of every zone in use go";
    /// Rows that do not hold exactly the seats of the zone.
    SeatsMismatch "SEATS_MISMATCH" "state every seat of the zone once, in its order";
    /// A numbered zone needs a seat.
    SeatRequired "SEAT_REQUIRED" "name the seats";
    /// A free-seating zone takes no seat.
    SeatNotAllowed "SEAT_NOT_ALLOWED" "leave the seat out";
    /// The tickets do not take exactly the places of the holds.
    HoldMismatch "HOLD_MISMATCH" "sell exactly what the holds keep, on their channel";
    /// The new price is not below the present one.
    PriceNotReduced "PRICE_NOT_REDUCED" "state a lower price, or exchange the ticket";

    // 6. Places.
    /// The seat is sold, held, or another channel's.
    SeatTaken "SEAT_TAKEN" "choose another seat";
    /// More free tickets than the quota of their reason.
    CompQuotaExceeded "COMP_QUOTA_EXCEEDED" "ask for fewer, give another reason, or raise the quota";
    /// More than the channel's quota has left.
    QuotaExceeded "QUOTA_EXCEEDED" "ask for fewer, or transfer quota to the channel";
    /// More than the pool of the channels without a quota has left.
    PoolExhausted "POOL_EXHAUSTED" "ask for fewer, or allocate the channel a quota";
    /// More than the zone has left.
    ZoneFull "ZONE_FULL" "choose another zone";
    /// More than the hall has left.
    HallFull "HALL_FULL" "the hall is full";
    /// Quotas would add up to more than the zone has on sale, or its capacity is exceeded.
    CapacityExceeded "CAPACITY_EXCEEDED" "allocate fewer places";

    // 7. Money.
    /// The payment is not exactly the order's total.
    PaymentMismatch "PAYMENT_MISMATCH" "pay the total, or leave the payment out";
    /// The stored values are not what the payment's legs of their kind come to, or not of the method's kind.
    StoredValueMismatch "STORED_VALUE_MISMATCH" "pay by a method of the kind of the gift cards or vouchers, for their sum";
    /// More than the gift card or voucher has left.
    StoredValueExceeded "STORED_VALUE_EXCEEDED" "take at most what is left, and pay the rest in another way";
    /// More than the order still owes.
    PaymentExceedsDue "PAYMENT_EXCEEDS_DUE" "pay at most what is due";
    /// More than the order has received and not yet returned.
    RefundExceedsReceived "REFUND_EXCEEDS_RECEIVED" "return at most what was received";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_derive_from_their_names() {
        let codes: BTreeSet<&str> = RejectionCode::ALL.iter().map(|code| code.code()).collect();
        assert_eq!(codes.len(), RejectionCode::ALL.len());
        for code in RejectionCode::ALL {
            let squeezed = code.code().replace('_', "").to_lowercase();
            assert_eq!(squeezed, format!("{code:?}").to_lowercase());
            assert!(!code.advice().is_empty());
            assert!(code.meaning().ends_with('.'));
        }
    }
}
