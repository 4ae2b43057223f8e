//! Numbers that only grow, also across restarts: they name events and mails and order them.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

/// Starts at the clock's nanoseconds, so a later process starts beyond what an earlier one gave out.
#[derive(Debug)]
pub(crate) struct Sequence(AtomicU64);

impl Sequence {
    pub(crate) fn start() -> Self {
        Self(AtomicU64::new(nanoseconds()))
    }

    /// The next number: never one given out before, and never below the clock.
    pub(crate) fn next(&self) -> u64 {
        let now = nanoseconds();
        let before = self.0.fetch_max(now, Ordering::SeqCst);
        if before < now { now } else { self.0.fetch_add(1, Ordering::SeqCst) + 1 }
    }
}

fn nanoseconds() -> u64 {
    u64::try_from(Timestamp::now().as_nanosecond()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_faster_than_the_clock_if_it_must() {
        let sequence = Sequence(AtomicU64::new(u64::MAX / 2));
        let first = sequence.next();
        assert!(sequence.next() > first);
    }

    #[test]
    fn gives_no_number_twice() {
        let sequence = Sequence::start();
        let numbers = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| (0..1000).map(|_| sequence.next()).collect::<Vec<_>>()))
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        let distinct: std::collections::HashSet<_> = numbers.iter().collect();
        assert_eq!(distinct.len(), numbers.len());
    }
}
