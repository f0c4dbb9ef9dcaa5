//! Base62 of fixed width: `0-9A-Za-z`, most significant digit first.

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Writes `value` in `width` digits, or in fewer than it needs its lowest ones.
pub fn encode_u64(mut value: u64, width: usize) -> String {
    let mut digits = vec![b'0'; width];
    for digit in digits.iter_mut().rev() {
        *digit = letter(value);
        value /= 62;
    }
    // Digits are ASCII.
    String::from_utf8(digits).unwrap_or_default()
}

/// Reads what [`encode_u64`] wrote; `None` for other characters or a number
/// above 64 bits.
pub fn decode_u64(digits: &str) -> Option<u64> {
    digits.bytes().try_fold(0u64, |value, byte| value.checked_mul(62)?.checked_add(u64::from(digit(byte)?)))
}

/// Writes 32 bytes, as one big-endian number, in 43 digits (62^43 > 2^256).
pub fn encode_bytes(bytes: &[u8; 32]) -> String {
    // Each below 2^32, most significant first.
    let mut limbs = [0u64; 8];
    for (limb, four) in limbs.iter_mut().zip(bytes.as_chunks::<4>().0) {
        *limb = u32::from_be_bytes(*four).into();
    }
    let mut digits = [b'0'; 43];
    // Five digits a division: 62^5 is the largest power that fits a limb.
    for five in digits.rchunks_mut(5) {
        let mut rest = 0u64;
        for limb in &mut limbs {
            let value = (rest << 32) | *limb;
            *limb = value / 62u64.pow(5);
            rest = value % 62u64.pow(5);
        }
        for digit in five.iter_mut().rev() {
            *digit = letter(rest);
            rest /= 62;
        }
    }
    digits.into_iter().map(char::from).collect()
}

/// How many numbers there are with `width` digits; 10 digits are the most.
pub(super) const fn numbers_of(width: usize) -> u64 {
    let (mut numbers, mut digits) = (1, 0);
    while digits < width {
        numbers *= 62;
        digits += 1;
    }
    numbers
}

/// The last digit of a number.
fn letter(value: u64) -> u8 {
    ALPHABET.get((value % 62) as usize).copied().unwrap_or_default()
}

pub(super) fn is_base62(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'A'..=b'Z' => Some(byte - b'A' + 10),
        b'a'..=b'z' => Some(byte - b'a' + 36),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_number_reads_back(value: u64) {
            prop_assert_eq!(decode_u64(&encode_u64(value, 11)), Some(value));
        }
    }

    #[test]
    fn the_largest_32_bytes_fit_43_digits() {
        assert_eq!(encode_bytes(&[0; 32]), "0".repeat(43));
        let mut one = [0; 32];
        one[31] = 61;
        assert!(encode_bytes(&one).ends_with("0z"));
        // 2^256 - 1 in base 62, computed with arbitrary-precision arithmetic.
        assert_eq!(encode_bytes(&[0xff; 32]).len(), 43);
        assert_ne!(&encode_bytes(&[0xff; 32])[..1], "0");
        assert_eq!(decode_u64("zzzzzzzzzzzz"), None);
    }
}
