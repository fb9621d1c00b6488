//! Cash in the drawers against the payments that the settlement has.

use soticket_projections::OrganisationViews;
use soticket_projections::tills::TillSession;
use soticket_schema::event::v1::CashDirection;
use soticket_schema::{Amount, MethodId};

/// All cash comes in at tills: what their sessions took is what the settlement has of it, and each drawer should hold
/// its float, what it took, and what was moved.
pub(super) fn differences(views: &OrganisationViews) -> Vec<String> {
    let sessions: Vec<TillSession> = views.tills.sessions().collect();
    let mut differences = Vec::new();
    let mut cash: Vec<MethodId> = sessions.iter().map(|session| session.cash).collect();
    cash.sort_unstable();
    cash.dedup();
    let money = views.settlement.organisation().money;
    for method in cash {
        let taken: Amount = sessions.iter().map(|session| taken(session, method)).sum();
        let settled =
            money.iter().find(|total| total.method == method).map_or(Amount::ZERO, |total| total.net);
        if taken != settled {
            differences.push(format!("tills took {} in cash, the settlement has {}", taken.0, settled.0));
        }
    }
    for session in &sessions {
        let moved: Amount = session
            .movements
            .iter()
            .map(|moved| match moved.direction {
                CashDirection::In => moved.amount,
                CashDirection::Out => Amount::ZERO - moved.amount,
            })
            .sum();
        let holds = session.float + moved + taken(session, session.cash);
        let expected = session.methods.iter().find(|method| method.method == session.cash);
        let expected = expected.map_or(Amount::ZERO, |method| method.expected + method.late);
        if holds != expected {
            let number = session.session;
            differences.push(format!("till session {number} holds {} of {}", holds.0, expected.0));
        }
    }
    differences
}

/// What a session took by a way of paying, less what it gave back.
fn taken(session: &TillSession, method: MethodId) -> Amount {
    let methods = session.methods.iter().filter(|known| known.method == method);
    methods.map(|known| known.payments - known.returns).sum()
}
