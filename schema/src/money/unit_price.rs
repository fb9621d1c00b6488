//! Prices below the minor unit.

use bincode::{Decode, Encode};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Amount, Currency, InvalidAmount, divide_half_away, parse_decimal};

/// The price of one transaction, often below the minor unit: millionths of the major unit, so that 0.085 is 85,000.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize, Encode, Decode,
)]
pub struct UnitPrice(pub i64);

impl UnitPrice {
    /// No price.
    pub const ZERO: Self = Self(0);
    /// The highest price that a plan may state: a thousand of the major unit.
    pub const MAX: Self = Self(1_000_000_000);

    /// Reads a price such as `0.085`, with at most six decimal places.
    ///
    /// # Errors
    /// As [`Amount::parse`].
    pub fn parse(text: &str) -> Result<Self, InvalidAmount> {
        let price = parse_decimal(text).ok_or(InvalidAmount::Syntax)?;
        if price.normalize().scale() > 6 {
            return Err(InvalidAmount::Precision);
        }
        let millionths = price.checked_mul(Decimal::from(1_000_000)).ok_or(InvalidAmount::Range)?;
        i64::try_from(millionths).map(Self).map_err(|_| InvalidAmount::Range)
    }

    /// The price without trailing zeros: `0.085`.
    pub fn display(self) -> String {
        Decimal::new(self.0, 6).normalize().to_string()
    }

    /// What `count` cost together, rounded once to the currency's minor unit.
    pub fn times(self, count: u64, currency: Currency) -> Amount {
        let minor = 10_i128.pow(currency.digits());
        Amount(divide_half_away(i128::from(self.0) * i128::from(count) * minor, 1_000_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{Rate, vat_on_net};

    #[test]
    fn a_price_below_the_cent_is_rounded_once_for_all() {
        let price = UnitPrice::parse("0.085").unwrap();
        assert_eq!((price, price.display()), (UnitPrice(85_000), "0.085".to_owned()));
        assert_eq!(price.times(96, Currency::EUR), Amount(816));
        assert_eq!(price.times(1, Currency::EUR), Amount(9));
        assert_eq!(price.times(3, Currency::from_code("XPF").unwrap()), Amount(0));
        assert_eq!(UnitPrice::parse("0.0000001"), Err(InvalidAmount::Precision));
        assert_eq!(vat_on_net(Amount(4_080), Rate(200_000)).gross, Amount(4_896));
    }
}
