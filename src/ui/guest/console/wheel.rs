//! What devices scroll, as steps of a wheel that turns both ways: pure numbers.

/// Application pixels that a touchpad scrolls for one step of a wheel.
pub(super) const PIXELS_PER_STEP: f64 = 15.0;
/// More steps at once would be a mistake of some device.
const MAX_STEPS: i32 = 10;

/// Adds up what devices scroll along one axis until it makes whole steps.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Wheel {
    rest: f64,
}

impl Wheel {
    /// Takes a scroll in steps, down or right positive, and gives the whole steps that are due.
    pub(super) fn add(&mut self, steps: f64) -> i32 {
        if self.rest * steps < 0.0 {
            self.rest = 0.0;
        }
        self.rest += steps;
        let due = self.rest.trunc();
        self.rest -= due;
        (due as i32).clamp(-MAX_STEPS, MAX_STEPS)
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_STEPS, Wheel};

    #[test]
    fn a_smooth_wheel_adds_up() {
        let mut wheel = Wheel::default();
        assert_eq!(wheel.add(1.0), 1);
        let steps: i32 = (0..8).map(|_| wheel.add(0.25)).sum();
        assert_eq!(steps, 2);
        assert_eq!(wheel.add(-0.5), 0);
        assert_eq!(wheel.add(-0.5), -1);
        assert_eq!(wheel.add(2.5), 2);
    }

    #[test]
    fn a_turn_forgets_the_rest() {
        let mut wheel = Wheel::default();
        assert_eq!(wheel.add(0.9), 0);
        assert_eq!(wheel.add(-0.2), 0);
        assert_eq!(wheel, Wheel { rest: -0.2 });
        assert_eq!(wheel.add(1e9), MAX_STEPS);
    }
}
