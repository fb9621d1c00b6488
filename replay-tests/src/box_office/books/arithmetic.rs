//! Arithmetic on cents, written down again: shares, VAT and largest remainders.

use soticket_schema::{Amount, Rate};

const MILLION: i128 = 1_000_000;

/// A quotient of numbers that are not negative, rounded half away from zero.
fn rounded(dividend: i128, divisor: i128) -> Amount {
    let (whole, rest) = (dividend / divisor, dividend % divisor);
    let up = i128::from(2 * rest >= divisor);
    Amount(i64::try_from(whole + up).unwrap_or(i64::MAX))
}

/// A share of an amount.
pub(super) fn part(of: Amount, rate: Rate) -> Amount {
    rounded(i128::from(of.0) * i128::from(rate.0), MILLION)
}

/// An amount without the VAT that it includes.
pub(super) fn without_vat(gross: Amount, rate: Rate) -> Amount {
    rounded(i128::from(gross.0) * MILLION, MILLION + i128::from(rate.0))
}

/// Whether an amount is more than a share of another.
pub(super) fn exceeds(amount: Amount, of: Amount, rate: Rate) -> bool {
    i128::from(amount.0) * MILLION > i128::from(of.0) * i128::from(rate.0)
}

/// Divides an amount by weights: each has at least its part without cents' fractions, and the cents left go one by one
/// to whoever lacks the largest fraction, the earlier of equals.
pub(super) fn divide(amount: Amount, weights: &[i64]) -> Vec<Amount> {
    let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if sum == 0 {
        return weights
            .iter()
            .enumerate()
            .map(|(index, _)| if index == 0 { amount } else { Amount(0) })
            .collect();
    }
    let exact = |weight: &i64| i128::from(amount.0) * i128::from(*weight);
    let mut parts: Vec<i64> = weights.iter().map(|weight| (exact(weight) / sum) as i64).collect();
    let mut fractions: Vec<i128> = weights.iter().map(|weight| exact(weight) % sum).collect();
    while parts.iter().sum::<i64>() < amount.0 {
        let largest = fractions.iter().copied().max().unwrap_or(0);
        let Some(index) = fractions.iter().position(|fraction| *fraction == largest) else { break };
        if let (Some(part), Some(fraction)) = (parts.get_mut(index), fractions.get_mut(index)) {
            *part += 1;
            *fraction = -1;
        }
    }
    parts.into_iter().map(Amount).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cents_are_shared_and_rounded_as_documents_have_them() {
        assert_eq!(part(Amount(1_000), Rate(2_500)), Amount(3), "2.5 cents");
        assert_eq!(without_vat(Amount(2_400), Rate(55_000)), Amount(2_275));
        assert_eq!(divide(Amount(4_000), &[24, 22]), [Amount(2_087), Amount(1_913)]);
        assert_eq!(divide(Amount(100), &[1, 1, 1]), [Amount(34), Amount(33), Amount(33)]);
        assert_eq!(divide(Amount(7), &[0, 0]), [Amount(7), Amount(0)]);
    }
}
