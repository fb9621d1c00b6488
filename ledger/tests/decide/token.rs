//! Tokens that the service is asked with, and what it notes of those who ask.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{Refused, World, after, refused};
use crate::venue::*;

/// A channel of kind box office, after those of every venue.
const COUNTER: ChannelId = ChannelId(4);

fn world() -> World {
    let Event::ChannelOpened(opened) = channel(COUNTER, 0) else { unreachable!() };
    house().and([ChannelOpened { kind: ChannelKind::BoxOffice, ..opened }.into()])
}

fn issue(role: TokenRole, channels: &[ChannelId]) -> IssueToken {
    IssueToken {
        label: "till 1".into(),
        role,
        holder: None,
        channels: channels.to_vec(),
        expires_at: Some(after(60)),
        first: false,
        proof: TokenProof::Secret,
        hash: Hash([7; 32]),
    }
}

/// A login under the name of this hash.
fn login(name: u8) -> IssueToken {
    IssueToken { proof: TokenProof::Password, hash: Hash([name; 32]), ..issue(TokenRole::Owner, &[]) }
}

fn issued(token: u32, holder: u32, role: TokenRole) -> Event {
    TokenIssued {
        token: TokenId(token),
        holder: ActorId(holder),
        role,
        label: "till 1".into(),
        proof: TokenProof::Secret,
        hash: Hash([7; 32]),
        expires_at: Some(after(60)),
    }
    .into()
}

fn registered(actor: u32) -> Event {
    ActorRegistered { actor: ActorId(actor), kind: ActorKind::Token, label: "till 1".into() }.into()
}

fn held_by(holder: u32, role: TokenRole) -> IssueToken {
    IssueToken { holder: Some(ActorId(holder)), ..issue(role, &[]) }
}

#[test]
fn a_token_brings_its_holder_who_is_assigned_if_it_sells() {
    let world = world();
    world.when(issue(TokenRole::Owner, &[])).then([registered(2), issued(1, 2, TokenRole::Owner)]);
    let (role, channels) = (SellerRole::BoxOffice, vec![COUNTER]);
    let assigned = ActorAssigned { actor: ActorId(2), role, channels }.into();
    let seller = issue(TokenRole::BoxOffice, &[COUNTER]);
    world.when(seller.clone()).then([registered(2), assigned, issued(1, 2, TokenRole::BoxOffice)]);
    // Another for the same holder, in place of the first.
    let world = world.after(seller);
    world.when(held_by(2, TokenRole::BoxOffice)).then([issued(2, 2, TokenRole::BoxOffice)]);
    let revoked = TokenRevoked { token: TokenId(1), holder: ActorId(2) };
    world.when(RevokeToken { token: TokenId(1) }).then([revoked.into()]);
}

#[test]
fn a_name_signs_in_one_at_a_time() {
    let world = world().after(login(1));
    let second = |token| {
        let event = TokenIssued {
            token: TokenId(token),
            holder: ActorId(3),
            role: TokenRole::Owner,
            label: "till 1".into(),
            proof: TokenProof::Password,
            hash: Hash([1; 32]),
            expires_at: Some(after(60)),
        };
        event.into()
    };
    // A token whose secret happens to have the hash is nobody who signs in.
    let other = IssueToken { hash: Hash([1; 32]), ..issue(TokenRole::Owner, &[]) };
    world.clone().after(other);
    let ended = world.after(RevokeToken { token: TokenId(1) });
    ended.when(login(1)).then([registered(3), second(2)]);
}

#[test]
fn what_was_refused_is_noted() {
    let denied = AccessDenied {
        asker: DEVICE,
        token: None,
        reason: DenialReason::TokenEnded,
        minute: after(0),
        count: 3,
    };
    let noted = NoteDenials { denials: vec![denied] };
    world().when(noted).then([denied.into()]);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let world = world();
    let owned = world.clone().after(issue(TokenRole::Owner, &[]));
    let sold = world.clone().after(issue(TokenRole::BoxOffice, &[COUNTER]));
    let ended = owned.clone().after(RevokeToken { token: TokenId(1) });
    let denied = |asker| AccessDenied {
        asker: ActorId(asker),
        token: None,
        reason: DenialReason::RateExceeded,
        minute: after(0),
        count: 1,
    };
    let first = IssueToken { first: true, ..issue(TokenRole::Owner, &[]) };
    vec![
        refused(
            &world,
            IssueToken { label: String::new(), ..issue(TokenRole::Owner, &[]) },
            TextEmpty,
            "label",
        ),
        refused(
            &world,
            IssueToken { expires_at: Some(after(0)), ..issue(TokenRole::Owner, &[]) },
            TimeOrder,
            "expires_at",
        ),
        refused(&world, issue(TokenRole::BoxOffice, &[COUNTER, COUNTER]), Duplicate, "channels.1"),
        refused(&world, issue(TokenRole::BoxOffice, &[ChannelId(9)]), ChannelUnknown, "channels.0"),
        refused(&world, issue(TokenRole::Network, &[COUNTER]), ChannelKindMismatch, "channels.0"),
        refused(&world, issue(TokenRole::BoxOffice, &[]), RoleMismatch, "channels"),
        refused(&world, issue(TokenRole::Auditor, &[COUNTER]), RoleMismatch, "channels"),
        refused(&world, held_by(9, TokenRole::Owner), ActorUnknown, "holder"),
        refused(&world, held_by(0, TokenRole::Owner), ActorUnknown, "holder"),
        refused(&sold, held_by(2, TokenRole::Owner), RoleMismatch, "role"),
        refused(&owned, held_by(2, TokenRole::BoxOffice), RoleMismatch, "role"),
        refused(
            &sold,
            IssueToken { channels: vec![COUNTER], ..held_by(2, TokenRole::BoxOffice) },
            RoleMismatch,
            "channels",
        ),
        refused(&owned, first.clone(), TokenNotFirst, "organisation"),
        refused(&ended, first, TokenNotFirst, "organisation"),
        refused(&owned.clone().after(login(1)), login(1), LoginTaken, "name"),
        refused(&owned, RevokeToken { token: TokenId(2) }, TokenUnknown, "token"),
        refused(&ended, RevokeToken { token: TokenId(1) }, TokenEnded, "token"),
        refused(&world, NoteDenials { denials: Vec::new() }, ListEmpty, ""),
        refused(&world, NoteDenials { denials: vec![denied(1); 1_001] }, ListTooLong, ""),
        refused(&world, NoteDenials { denials: vec![denied(9)] }, ActorUnknown, "denials"),
    ]
}
