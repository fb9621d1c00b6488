//! The contract with clients: `schema/schema.graphql`, and what every type of it keeps to.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};

fn contract() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/schema.graphql")
}

#[test]
fn the_checked_in_schema_is_the_one_that_is_served() {
    let served = soticket_graphql::sdl();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(contract(), &served).unwrap();
    }
    let known = fs::read_to_string(contract()).unwrap_or_default();
    let difference = known.lines().zip(served.lines()).position(|(known, served)| known != served);
    assert!(
        known == served,
        "schema/schema.graphql is not what is served, first at line {}: if clients can live with the change, run \
         `UPDATE_SCHEMA=1 cargo test -p soticket-graphql --test schema` and check the difference in",
        difference.unwrap_or_else(|| known.lines().count().min(served.lines().count())) + 1
    );
}

/// Whether a reason says what to use and until when there is time, as docs/api.md promises.
fn is_reason(reason: &str) -> bool {
    let Some((said, date)) =
        reason.strip_suffix('.').and_then(|reason| reason.rsplit_once(" Removal after "))
    else {
        return false;
    };
    let date: Vec<u32> = date.split('-').filter_map(|part| part.parse().ok()).collect();
    said.contains("Use ") && matches!(date.as_slice(), [2026..=2099, 1..=12])
}

#[test]
fn what_is_deprecated_says_what_to_use_and_until_when() {
    assert!(is_reason("Rounds twice. Use `net`. Removal after 2027-06."));
    for bad in [
        "",
        "Use `net`.",
        "Use `net`. Removal after soon.",
        "Removal after 2027-06.",
        "Use it. Removal after 2027-13.",
    ] {
        assert!(!is_reason(bad), "{bad}");
    }
    for line in soticket_graphql::sdl().lines().filter(|line| line.contains("@deprecated")) {
        let reason =
            line.split("reason: \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        assert!(is_reason(reason), "{line}");
    }
}

#[test]
fn every_rejection_code_is_in_the_schema() {
    let sdl = soticket_graphql::sdl();
    let codes = block(&sdl, "enum UserErrorCode");
    for code in soticket_schema::RejectionCode::ALL {
        assert!(codes.lines().any(|line| line.trim() == code.code()), "{} is missing", code.code());
    }
}

#[test]
fn every_command_has_a_mutation() {
    let mutations = block(&soticket_graphql::sdl(), "type Mutation").to_owned();
    let count = mutations.lines().filter(|line| line.contains("(input: ")).count();
    // One per variant of CommandBody, but for what the service asks for by itself: the two that follow from erasures, and the
    // notes of the audit journal on what was refused and on personal data that were read. Besides are `webhookTest`, which
    // records nothing, `ordersPlace`, which records many orders, and `loginIssue` and `loginPasswordSet`, which give out tokens and note.
    // A new command without a mutation is noticed here.
    assert_eq!(count, 114, "{mutations}");
    for line in mutations.lines().filter(|line| line.contains("(input: ")) {
        let name = line.trim().split('(').next().unwrap();
        let capitalised = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        assert_eq!(line.trim(), format!("{name}(input: {capitalised}Input!): {capitalised}Payload"));
    }
}

#[test]
fn every_mutation_demands_an_organisation_and_a_key() {
    let sdl = soticket_graphql::sdl();
    let inputs = block(&sdl, "type Mutation").lines().filter_map(|line| {
        line.split_once("(input: ")
            .and_then(|(_, rest)| rest.split_once('!'))
            .map(|(input, _)| input.to_owned())
    });
    for input in inputs {
        let fields = block(&sdl, &format!("input {input}"));
        assert!(fields.contains("organisation: ID!"), "{input}");
        assert!(fields.contains("idempotencyKey: ID!"), "{input}");
    }
}

#[test]
fn there_are_no_floats_and_no_forgotten_descriptions() {
    let sdl = soticket_graphql::sdl();
    assert!(!sdl.contains("Float"), "an amount or count must not be a Float");
    let mut described = false;
    let mut inside_text = false;
    for line in sdl.lines() {
        let text = line.trim();
        if text.matches("\"\"\"").count() % 2 == 1 {
            inside_text = !inside_text;
            described = true;
            continue;
        }
        if inside_text {
            continue;
        }
        let definition =
            ["type ", "enum ", "input ", "interface ", "scalar "].iter().any(|start| line.starts_with(start));
        // The GraphQL library writes these three itself.
        let library = ["Connection {", "Edge {", "PageInfo {"].iter().any(|end| line.ends_with(end));
        assert!(!definition || described || library, "{line} has no description");
        described = text.starts_with('"');
    }
}

/// A nullable field that can fail is `Option<Result<T>>`: as `Result<Option<T>>` its failure would take its whole
/// parent away.
#[test]
fn a_failing_nullable_field_does_not_take_its_parent() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            for resolver in text.split("async fn ").skip(1) {
                let signature = resolver.split('{').next().unwrap_or_default();
                let resolves = signature.contains("&self") && signature.contains("Context<'_>");
                let private =
                    signature.starts_with("availability_at") || signature.starts_with("settlement_at");
                assert!(
                    !resolves || private || !signature.contains("-> Result<Option<"),
                    "{}: {signature}",
                    path.display()
                );
            }
        }
    }
}

fn block<'a>(sdl: &'a str, head: &str) -> &'a str {
    let begin = sdl.find(&format!("{head} {{")).unwrap_or_else(|| panic!("no {head}"));
    let end = sdl[begin..].find("\n}").unwrap();
    &sdl[begin..begin + end]
}

/// The table of permissions as a page: every query and mutation in a row of its own, other fields with those of their type
/// that the same roles have.
fn permissions_page() -> String {
    use soticket_graphql::{FieldPermission, Guarding, Role, permissions};
    use std::fmt::Write as _;
    let names: Vec<&str> = Role::ALL.iter().map(|role| role.text()).collect();
    let mut page = String::from(
        "# Who may ask for what\n\n\
         Every field of the schema by role. `yes`: it is answered. `null`: it is null, with the error `FORBIDDEN`, and the\n\
         rest is answered. Empty: the whole request is refused with `FORBIDDEN`. Roles that sell see what is of their\n\
         channels only, wherever they may ask; nobody sees anything of another organisation. Other paths than `/graphql`\n\
         are listed in [hardening.md](hardening.md).\n\n",
    );
    for role in Role::ALL {
        let _ = writeln!(page, "- `{}`: {}", role.text(), role.meaning());
    }
    let _ = writeln!(page, "\n| Field | {} |\n|---{}|", names.join(" | "), "|---".repeat(names.len()));
    let cells = |line: &FieldPermission| {
        let cell = |role: &Role| match (line.roles.has(*role), line.guarding) {
            (true, _) => "yes",
            (false, Guarding::Refused) => "",
            (false, Guarding::Withheld | Guarding::Personal) => "null",
        };
        Role::ALL.iter().map(cell).collect::<Vec<_>>().join(" | ")
    };
    let mut table = permissions();
    table.sort_by_key(|line| !["Query", "Mutation"].contains(&line.kind.as_str()));
    let mut rows: Vec<(String, String, Vec<String>)> = Vec::new();
    for line in &table {
        let (kind, cells) = (line.kind.clone(), cells(line));
        let root = ["Query", "Mutation"].contains(&kind.as_str());
        match rows.iter_mut().find(|(known, same, _)| !root && *known == kind && *same == cells) {
            Some((_, _, fields)) => fields.push(line.field.clone()),
            None => rows.push((kind, cells, vec![line.field.clone()])),
        }
    }
    for (kind, cells, fields) in rows {
        let fields: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
        let _ = writeln!(page, "| {kind}: {} | {cells} |", fields.join(" "));
    }
    page.push_str(
        "\nThis page is written by `UPDATE_SCHEMA=1 cargo test -p soticket-graphql --test schema`.\n",
    );
    page
}

#[test]
fn the_page_of_permissions_is_that_of_the_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/permissions.md");
    let page = permissions_page();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        known == page,
        "docs/permissions.md is not current: run `UPDATE_SCHEMA=1 cargo test -p soticket-graphql --test schema`"
    );
}
