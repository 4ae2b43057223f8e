//! What the two binary formats have in common.

/// A number in 30 bits (MS-XLS 2.5.217): an integer or the upper half of a float, perhaps times a hundred.
pub(crate) fn rk(bits: u32) -> f64 {
    let number = if bits & 2 == 0 {
        f64::from_bits(u64::from(bits & !3) << 32)
    } else {
        f64::from(bits.cast_signed() >> 2)
    };
    if bits & 1 == 0 { number } else { number / 100.0 }
}

/// The text of an error (MS-XLS 2.5.10).
pub(crate) fn error_text(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        0x2B => "#GETTING_DATA",
        // What newer programs know besides these.
        _ => "#UNKNOWN!",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_30_bits() {
        for (bits, number) in [
            (0x3FF0_0000, 1.0),
            (0x3FF0_0001, 0.01),
            ((5 << 2) | 2, 5.0),
            ((12_345 << 2) | 3, 123.45),
            (((-7_i32) << 2).cast_unsigned() | 2, -7.0),
        ] {
            assert!((rk(bits) - number).abs() < f64::EPSILON, "{bits:#x}");
        }
    }
}
