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
    let end = one.iter().skip(start).rev().zip(other.iter().skip(start).rev()).take_while(same).count();
    let middle = |all: &[&'a str]| all.get(start..all.len() - end).unwrap_or_default().to_vec();
    let (kept_one, kept_other) = in_common(&middle(&one), &middle(&other));
    let mark = |all: Vec<&'a str>, kept: Vec<bool>| {
        let kept = [vec![true; start], kept, vec![true; end]].concat();
        all.into_iter().zip(kept).map(|(text, kept)| Piece { text, differs: !kept }).collect()
    };
    Some([mark(one, kept_one), mark(other, kept_other)])
}

/// Cuts a text before each `&`, as it is or percent-encoded, and after each line.
fn parameters(text: &str) -> Vec<&str> {
    let begins_piece = |at: usize| {
        let (before, after) = text.split_at(at);
        before.is_empty() || before.ends_with('\n') || after.starts_with('&') || after.starts_with("%26")
    };
    let starts = text.char_indices().map(|(at, _)| at).filter(|at| begins_piece(*at));
    let cuts: Vec<usize> = starts.chain([text.len()]).collect();
    cuts.iter().zip(cuts.iter().skip(1)).filter_map(|(start, end)| text.get(*start..*end)).collect()
}

/// Which pieces of each are in the longest sequence that both have.
fn in_common(one: &[&str], other: &[&str]) -> (Vec<bool>, Vec<bool>) {
    let mut kept = (vec![false; one.len()], vec![false; other.len()]);
    if one.len() * other.len() > MOST_COMPARED {
        return kept;
    }
    let lengths = Lengths::of(one, other);
    let (mut i, mut j) = (0, 0);
    while let (Some(a), Some(b)) = (one.get(i), other.get(j)) {
        if a == b {
            keep(&mut kept.0, i);
            keep(&mut kept.1, j);
            (i, j) = (i + 1, j + 1);
        } else if lengths.at(i + 1, j) >= lengths.at(i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    kept
}

fn keep(kept: &mut [bool], at: usize) {
    if let Some(kept) = kept.get_mut(at) {
        *kept = true;
    }
}

/// The length of the longest sequence that the rests of two texts have in common, from each pair of places on.
struct Lengths {
    table: Vec<usize>,
    /// The places in the other text, with the place behind its end.
    wide: usize,
}

impl Lengths {
    fn of(one: &[&str], other: &[&str]) -> Self {
        let wide = other.len() + 1;
        let mut lengths = Self { table: vec![0; wide * (one.len() + 1)], wide };
        for (i, a) in one.iter().enumerate().rev() {
            for (j, b) in other.iter().enumerate().rev() {
                let skipped = lengths.at(i + 1, j).max(lengths.at(i, j + 1));
                let length = if a == b { lengths.at(i + 1, j + 1) + 1 } else { skipped };
                if let Some(entry) = lengths.table.get_mut(i * wide + j) {
                    *entry = length;
                }
            }
        }
        lengths
    }

    fn at(&self, i: usize, j: usize) -> usize {
        self.table.get(i * self.wide + j).copied().unwrap_or_default()
    }
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
