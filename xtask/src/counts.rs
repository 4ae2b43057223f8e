//! Counts tests from what the test runners print.

use std::fmt;

/// How many tests passed and failed, over all runners.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    passed: u64,
    failed: u64,
}

impl Counts {
    /// Takes one line of the output of cargo-nextest, `cargo test`, node's test runner or Playwright. Lines
    /// other than a runner's summary count nothing.
    pub fn read(&mut self, line: &str) {
        let words: Vec<&str> = line
            .split(|c: char| c.is_whitespace() || ";,:()".contains(c))
            .filter(|w| !w.is_empty())
            .collect();
        match words.as_slice() {
            // nextest shows indented what a failed test printed, and that test's own result with it.
            ["test", "result", ..] if line.starts_with(' ') => {}
            // `Summary [ 1.2s] 9 tests run: 8 passed (1 slow), 1 failed, 2 skipped`, `test result: FAILED. 8
            // passed; 1 failed; …`
            ["Summary", rest @ ..] | ["test", "result", rest @ ..] => {
                self.add(before(rest, "passed"), before(rest, "failed") + before(rest, "timed"));
            }
            // node: `ℹ pass 8` for a terminal, `# pass 8` otherwise. Playwright: `8 passed (3.2s)` and `1
            // failed`, each alone on its line.
            ["ℹ" | "#", "pass", count] | [count, "passed"] | [count, "passed", _] => {
                self.add(number(count), 0);
            }
            ["ℹ" | "#", "fail", count] | [count, "failed"] => self.add(0, number(count)),
            _ => {}
        }
    }

    fn add(&mut self, passed: u64, failed: u64) {
        self.passed += passed;
        self.failed += failed;
    }

    /// Counts a check that is no test of a runner but failed all the same.
    pub fn fail_once(&mut self) {
        if self.failed == 0 {
            self.failed = 1;
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

fn before(words: &[&str], word: &str) -> u64 {
    words.windows(2).find(|pair| pair[1] == word).map_or(0, |pair| number(pair[0]))
}

fn number(word: &str) -> u64 {
    word.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Counts;

    fn check(lines: &[&str], expect: &str) {
        let mut counts = Counts::default();
        for line in lines {
            counts.read(line);
        }
        assert_eq!(counts.to_string(), expect);
    }

    #[test]
    fn nextest() {
        check(
            &[
                "        PASS [   0.005s] (1/9) xtask counts::tests::nextest",
                "     Summary [   1.203s] 9 tests run: 8 passed (1 slow), 1 failed, 2 skipped",
            ],
            "8 passed, 1 failed",
        );
        check(
            &["     Summary [ 9.0s] 3 tests run: 1 passed, 1 failed, 1 timed out, 0 skipped"],
            "1 passed, 2 failed",
        );
    }

    #[test]
    fn a_failed_test_under_nextest_counts_once() {
        let summary = "     Summary [   1.2s] 2 tests run: 1 passed, 1 failed, 0 skipped";
        check(&["    test result: FAILED. 0 passed; 1 failed; 0 ignored", summary], "1 passed, 1 failed");
    }

    #[test]
    fn cargo_test() {
        check(
            &[
                "running 2 tests",
                "test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out",
            ],
            "2 passed, 0 failed",
        );
    }

    #[test]
    fn node() {
        check(&["ℹ tests 4", "ℹ pass 3", "ℹ fail 1"], "3 passed, 1 failed");
        check(&["# tests 4", "# pass 3", "# fail 1"], "3 passed, 1 failed");
    }

    #[test]
    fn playwright() {
        check(
            &["  1 failed", "    [chromium] › a.spec.ts:3:1 › imports ───", "  5 passed (12.3s)"],
            "5 passed, 1 failed",
        );
    }
}
