//! Messages in their thousands: those of one kind in one spot are drawn as one, the larger the more
//! there are.

use super::{MessageGlyph, Point};

/// More messages than this are drawn in clouds.
pub const SINGLE_MAX: usize = 3_000;

/// How wide a spot is.
const SPOT_PX: f64 = 5.0;

const NONE: u32 = u32::MAX;

/// Messages of one kind that are near each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cloud {
    pub head: MessageGlyph,
    pub count: u32,
    /// All their places added up.
    sum: Point,
    /// Another cloud in the same spot.
    next: u32,
}

impl Cloud {
    /// The middle of them.
    #[must_use]
    pub fn place(&self) -> Point {
        let count = f64::from(self.count);
        Point { x: self.sum.x / count, y: self.sum.y / count }
    }

    /// The side of a square for it, whose area grows with their number.
    #[must_use]
    pub fn side_px(&self) -> f64 {
        let side_px = 2.2 * f64::from(self.count).sqrt();
        if side_px < 2.0 * SPOT_PX { side_px } else { 2.0 * SPOT_PX }
    }
}

/// All clouds of one instant, in buffers that are reused.
#[derive(Clone, Debug, Default)]
pub struct Clouds {
    pub all: Vec<Cloud>,
    /// The first cloud of each spot of the stage, row by row.
    spots: Vec<u32>,
    columns: usize,
}

impl Clouds {
    /// Begins anew on a stage of this size.
    pub(super) fn clear(&mut self, width_px: f64, height_px: f64) {
        let count = |length_px: f64| (length_px / SPOT_PX) as usize + 1;
        self.all.clear();
        self.spots.clear();
        self.columns = count(width_px);
        self.spots.resize(self.columns * count(height_px), NONE);
    }

    pub(super) fn add(&mut self, head: MessageGlyph, place: Point) {
        // A message off the stage belongs to its edge.
        let part = |length_px: f64, count: usize| ((length_px / SPOT_PX) as usize).min(count - 1);
        let rows = self.spots.len() / self.columns;
        let spot = part(place.y, rows) * self.columns + part(place.x, self.columns);
        let mut number = self.spots[spot];
        while let Some(cloud) = self.all.get_mut(number as usize) {
            if cloud.head == head {
                cloud.count += 1;
                cloud.sum.x += place.x;
                cloud.sum.y += place.y;
                return;
            }
            number = cloud.next;
        }
        let next = self.spots[spot];
        self.spots[spot] = self.all.len() as u32;
        self.all.push(Cloud { head, count: 1, sum: place, next });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::consensus::ballot::Vote;

    fn clouds(messages: &[(MessageGlyph, f64, f64)]) -> Clouds {
        let mut clouds = Clouds::default();
        clouds.clear(100.0, 50.0);
        messages.iter().for_each(|&(head, x, y)| clouds.add(head, Point { x, y }));
        clouds
    }

    #[test]
    fn messages_of_one_kind_in_one_spot_are_one() {
        let ballot = MessageGlyph::Ballot(Vote::For);
        let found = clouds(&[
            (ballot, 11.0, 21.0),
            (MessageGlyph::Proposal, 12.0, 22.0),
            (ballot, 13.0, 24.0),
            (MessageGlyph::Proposal, 12.0, 23.0),
            (ballot, 31.0, 21.0),
        ]);
        let told: Vec<_> = found.all.iter().map(|it| (it.head, it.count, it.place())).collect();
        assert_eq!(
            told,
            [
                (ballot, 2, Point { x: 12.0, y: 22.5 }),
                (MessageGlyph::Proposal, 2, Point { x: 12.0, y: 22.5 }),
                (ballot, 1, Point { x: 31.0, y: 21.0 }),
            ]
        );
        assert!(found.all[0].side_px() > found.all[2].side_px());
    }

    #[test]
    fn none_is_lost_beyond_the_edge() {
        let far = [(-5.0, 3.0), (500.0, 3.0), (3.0, 500.0), (f64::MAX, f64::MAX), (f64::NAN, 0.0)];
        let messages: Vec<_> = far.iter().map(|&(x, y)| (MessageGlyph::Other, x, y)).collect();
        let count: u32 = clouds(&messages).all.iter().map(|cloud| cloud.count).sum();
        assert_eq!(count, 5);
    }
}
