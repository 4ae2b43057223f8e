//! Rollcall's rules for the browser.
