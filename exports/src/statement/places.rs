//! Contingents, and what is unsold of them.

use super::{Frame, words};
use crate::document::{Block, Cell, Column, Table};

pub(super) fn quotas(frame: &Frame<'_>) -> Vec<Block> {
    let Some(availability) = &frame.view.availability else { return Vec::new() };
    let columns = vec![
        Column::text(words::ZONE),
        Column::text(words::CHANNEL),
        Column::count(words::QUOTA),
        Column::count(words::SOLD),
        Column::count(words::HELD),
        // Places of the pool are left to every channel without a quota, so that unsold places do not add up by channel.
        Column::new(words::LEFT, crate::ColumnKind::Count),
    ];
    let mut table = Table::new(words::PLACES, columns);
    for zone in &availability.zones {
        for channel in &zone.channels {
            table.line(vec![
                frame.names.zone(zone.zone).into(),
                frame.names.channel(channel.channel).into(),
                channel.quota.map_or(Cell::Empty, Cell::count),
                Cell::count(channel.sold),
                Cell::count(channel.held),
                channel.quota.map_or(Cell::Empty, |_| Cell::count(channel.left)),
            ]);
        }
        table.line(vec![
            frame.names.zone(zone.zone).into(),
            words::POOL.into(),
            Cell::count(zone.pool.places),
            Cell::Empty,
            Cell::Empty,
            Cell::count(zone.pool.left),
        ]);
    }
    let total = table.total_of_lines(words::TOTAL);
    table.set(total, words::LEFT.code, Cell::count(availability.total.left));
    vec![Block::Table(table)]
}
