//! What differs between two versions of a text that is made of parameters, such as two base strings.

/// A piece of a text, and whether the other text lacks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    pub text: &'a str,
    pub differs: bool,
}

/// The maximum number of comparisons of pieces. Longer texts are marked as a whole.
const MOST_COMPARED: usize = 100_000;

/// Both texts in pieces. `None` if they are equal, or not two versions of the same text.
pub fn difference<'a>(one: &'a str, other: &'a str) -> Option<[Vec<Piece<'a>>; 2]> {
    let (one, other) = (parameters(one), parameters(other));
    let same = |(one, other): &(&&str, &&str)| one == other;
    let start = one.iter().zip(&other).take_while(same).count();
    if one == other || start == 0 {
        return None;
    }
    let end = one[start..].iter().rev().zip(other[start..].iter().rev()).take_while(same).count();
    let middle = |all: &[&'a str]| all[start..all.len() - end].to_vec();
    let (kept_one, kept_other) = in_common(&middle(&one), &middle(&other));
    let mark = |all: Vec<&'a str>, kept: Vec<bool>| {
        let kept = [vec![true; start], kept, vec![true; end]].concat();
        all.into_iter().zip(kept).map(|(text, kept)| Piece { text, differs: !kept }).collect()
    };
    Some([mark(one, kept_one), mark(other, kept_other)])
}

/// Cuts a text before each `&`, as it is or percent-encoded, and after each line.
fn parameters(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, _) in text.char_indices() {
        let begins = text[at..].starts_with('&') || text[at..].starts_with("%26") || text[..at].ends_with('\n');
        if begins && at > start {
            pieces.push(&text[start..at]);
            start = at;
        }
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

/// Which pieces of each are in the longest sequence that both have.
fn in_common(one: &[&str], other: &[&str]) -> (Vec<bool>, Vec<bool>) {
    let mut kept = (vec![false; one.len()], vec![false; other.len()]);
    if one.len() * other.len() > MOST_COMPARED {
        return kept;
    }
    // The length of that sequence in the rest of both texts, from a pair of places on.
    let wide = other.len() + 1;
    let mut left = vec![0_usize; wide * (one.len() + 1)];
    for (i, a) in one.iter().enumerate().rev() {
        for (j, b) in other.iter().enumerate().rev() {
            let skipped = left[(i + 1) * wide + j].max(left[i * wide + j + 1]);
            left[i * wide + j] = if a == b { left[(i + 1) * wide + j + 1] + 1 } else { skipped };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < one.len() && j < other.len() {
        if one[i] == other[j] {
            (kept.0[i], kept.1[j]) = (true, true);
            (i, j) = (i + 1, j + 1);
        } else if left[(i + 1) * wide + j] >= left[i * wide + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with the differing parts in brackets.
    fn marked(pieces: &[Piece<'_>]) -> String {
        pieces.iter().map(|piece| if piece.differs { format!("[{}]", piece.text) } else { piece.text.into() }).collect()
    }

    fn compare(one: &str, other: &str) -> Option<[String; 2]> {
        difference(one, other).map(|pair| pair.map(|pieces| marked(&pieces)))
    }

    #[test]
    fn what_only_one_of_two_base_strings_has_is_marked() {
        for (one, other, marked_one, marked_other) in [
            ("GET&http&a%26b", "GET&https&a%26b", "GET[&http]&a%26b", "GET[&https]&a%26b"),
            ("GET&x&a%3D1%26b%3D2%26c", "GET&x&a%3D1%26c", "GET&x&a%3D1[%26b%3D2]%26c", "GET&x&a%3D1%26c"),
            ("GET&x%26a%26b%26c", "GET&x%26b%26a%26c", "GET&x[%26a]%26b%26c", "GET&x%26b[%26a]%26c"),
            ("POST&é&☃%26a", "POST&è&☃%26b", "POST[&é]&☃[%26a]", "POST[&è]&☃[%26b]"),
            ("a\nb\nc", "a\nx\nc", "a\n[b\n]c", "a\n[x\n]c"),
        ] {
            assert_eq!(compare(one, other), Some([marked_one.to_owned(), marked_other.to_owned()]), "{one} {other}");
        }
    }

    #[test]
    fn nothing_is_marked_where_nothing_differs_or_nothing_is_shared() {
        for (one, other) in [("GET&a", "GET&a"), ("GET&a", "POST&a"), ("", ""), ("", "a")] {
            assert_eq!(compare(one, other), None, "{one} {other}");
        }
    }

    #[test]
    fn very_long_ones_are_marked_as_a_whole() {
        let many = |letter: &str| format!("GET{}", format!("&{letter}&same").repeat(400));
        let (one, other) = (many("a"), many("b"));
        let [pieces, _] = difference(&one, &other).unwrap();
        assert_eq!(
            pieces.iter().filter(|piece| !piece.differs).map(|piece| piece.text).collect::<String>(),
            "GET&same"
        );
        assert_eq!(pieces.iter().map(|piece| piece.text).collect::<String>(), one);
    }
}
