//! The part of the stage that is seen: all of it, or nearer and aside.

use super::Point;
use crate::common::figure::between;

/// How near one can go.
const ZOOM_MAX: f64 = 8.0;

/// A place of the stage at `p` is seen at `p · zoom + shift`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    pub zoom: f64,
    pub shift: Point,
}

impl Default for Camera {
    fn default() -> Self {
        Self { zoom: 1.0, shift: Point::default() }
    }
}

impl Camera {
    /// The place of the stage that is seen at `seen`.
    #[must_use]
    pub fn stage(self, seen: Point) -> Point {
        Point { x: (seen.x - self.shift.x) / self.zoom, y: (seen.y - self.shift.y) / self.zoom }
    }

    /// Where a place of the stage is seen.
    #[must_use]
    pub fn seen(self, place: Point) -> Point {
        Point { x: place.x * self.zoom + self.shift.x, y: place.y * self.zoom + self.shift.y }
    }

    /// Nearer by a factor, or further below 1; what is seen at `fixed` stays there.
    #[must_use]
    pub fn zoomed(self, factor: f64, fixed: Point, size: Point) -> Self {
        let zoom = between(self.zoom * factor, 1.0, ZOOM_MAX);
        let at = self.stage(fixed);
        let shift = Point { x: fixed.x - at.x * zoom, y: fixed.y - at.y * zoom };
        Self { zoom, shift }.kept_inside(size)
    }

    /// Aside by so many pixels.
    #[must_use]
    pub fn moved(self, dx: f64, dy: f64, size: Point) -> Self {
        let shift = Point { x: self.shift.x + dx, y: self.shift.y + dy };
        Self { shift, ..self }.kept_inside(size)
    }

    /// The middle of the view, in parts of the stage's size: with the zoom it says the same on a stage of any
    /// size.
    #[must_use]
    pub fn middle(self, size: Point) -> Point {
        let middle = self.stage(Point { x: size.x / 2.0, y: size.y / 2.0 });
        let part = |at: f64, whole: f64| if whole > 0.0 { at / whole } else { 0.5 };
        Point { x: part(middle.x, size.x), y: part(middle.y, size.y) }
    }

    /// The camera that has this in its middle, as near as it can be.
    #[must_use]
    pub fn looking_at(middle: Point, zoom: f64, size: Point) -> Self {
        let zoom = between(zoom, 1.0, ZOOM_MAX);
        let shift = |part: f64, whole: f64| whole * (0.5 - part * zoom);
        let shift = Point { x: shift(middle.x, size.x), y: shift(middle.y, size.y) };
        Self { zoom, shift }.kept_inside(size)
    }

    /// The stage never leaves the view: `size` is that of both.
    fn kept_inside(self, size: Point) -> Self {
        let inside = |shift: f64, length: f64| between(shift, length - length * self.zoom, 0.0);
        let shift = Point { x: inside(self.shift.x, size.x), y: inside(self.shift.y, size.y) };
        Self { shift, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Point = Point { x: 800.0, y: 600.0 };

    #[test]
    fn what_is_under_the_pointer_stays_there() {
        let pointer = Point { x: 200.0, y: 450.0 };
        let near = Camera::default().zoomed(2.0, pointer, SIZE);
        assert_eq!((near.zoom, near.stage(pointer)), (2.0, pointer));
        assert_eq!(near.seen(near.stage(SIZE)), SIZE);
        let nearer = near.zoomed(1.5, pointer, SIZE);
        assert!(nearer.stage(pointer).distance(pointer) < 1e-9);
    }

    #[test]
    fn it_looks_at_the_same_on_a_stage_of_another_size() {
        let near = Camera::default().zoomed(2.0, Point { x: 600.0, y: 150.0 }, SIZE);
        let small = Point { x: 400.0, y: 300.0 };
        let there = Camera::looking_at(near.middle(SIZE), near.zoom, small);
        assert_eq!(there.zoom, 2.0);
        assert_eq!(there.shift, Point { x: near.shift.x / 2.0, y: near.shift.y / 2.0 });
        assert_eq!(Camera::looking_at(near.middle(SIZE), near.zoom, SIZE), near);
        // Whatever stands in a link, the stage stays in view.
        let lost = Camera::looking_at(Point { x: -9.0, y: 9.0 }, 0.0, SIZE);
        assert_eq!(lost, Camera::default());
    }

    #[test]
    fn the_stage_never_leaves_the_view() {
        let near = Camera::default().zoomed(100.0, Point::default(), SIZE);
        assert_eq!(near.zoom, ZOOM_MAX);
        for (dx, dy) in [(1e6, 1e6), (-1e6, -1e6)] {
            let moved = near.moved(dx, dy, SIZE);
            let (first, last) = (moved.stage(Point::default()), moved.stage(SIZE));
            assert!(first.x >= -1e-9 && first.y >= -1e-9, "{first:?}");
            assert!(last.x <= SIZE.x + 1e-9 && last.y <= SIZE.y + 1e-9, "{last:?}");
        }
        assert_eq!(near.zoomed(0.001, SIZE, SIZE), Camera::default());
    }
}
