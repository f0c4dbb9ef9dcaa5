//! Base62 of fixed width: `0-9A-Za-z`, most significant digit first.

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Writes `value` in `width` digits, or in fewer than it needs its lowest ones.
pub fn encode_u64(mut value: u64, width: usize) -> String {
    let mut digits = vec![b'0'; width];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(value % 62) as usize];
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
    let mut limbs: [u32; 8] = std::array::from_fn(|i| {
        u32::from_be_bytes([bytes[4 * i], bytes[4 * i + 1], bytes[4 * i + 2], bytes[4 * i + 3]])
    });
    let mut digits = [b'0'; 43];
    // Five digits a division: 62^5 is the largest power that fits a limb.
    for five in digits.rchunks_mut(5) {
        let mut rest = 0u64;
        for limb in &mut limbs {
            let value = (rest << 32) | u64::from(*limb);
            *limb = (value / 62u64.pow(5)) as u32;
            rest = value % 62u64.pow(5);
        }
        for digit in five.iter_mut().rev() {
            *digit = ALPHABET[(rest % 62) as usize];
            rest /= 62;
        }
    }
    digits.into_iter().map(char::from).collect()
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
