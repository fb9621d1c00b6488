//! Money by method.

use serde::{Deserialize, Serialize};
use soticket_schema::{Amount, MethodId};

use super::view::MethodTotal;
use crate::event::Money;

/// What came in and went back, by method number.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Methods(Vec<Method>);

#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
struct Method {
    method: MethodId,
    payments: u64,
    paid: Amount,
    refunds: u64,
    returned: Amount,
}

impl Methods {
    pub(super) fn record(&mut self, money: &Money<'_>) {
        for leg in money.legs {
            let method = self.method(leg.method);
            if money.refund {
                method.refunds = method.refunds.saturating_add(1);
                method.returned += leg.amount;
            } else {
                method.payments = method.payments.saturating_add(1);
                method.paid += leg.amount;
            }
        }
    }

    fn method(&mut self, method: MethodId) -> &mut Method {
        let index = match self.0.binary_search_by_key(&method, |known| known.method) {
            Ok(index) => index,
            Err(index) => {
                self.0.insert(index, Method { method, ..Method::default() });
                index
            }
        };
        &mut self.0[index]
    }

    pub(super) fn view(&self) -> Vec<MethodTotal> {
        let totals = self.0.iter().map(|known| MethodTotal {
            method: known.method,
            payments: known.payments,
            paid: known.paid,
            refunds: known.refunds,
            returned: known.returned,
            net: known.paid - known.returned,
        });
        totals.collect()
    }
}
