//! Reading HTTP/1.1 answers from a connection that stays open, as little of them as a measurement needs.

use anyhow::{Context, Result, bail};

/// Where the answer at the start of the bytes ends, and its status; `None` while some of it is missing.
pub fn read_reply(bytes: &[u8]) -> Result<Option<(u16, usize)>> {
    let Some(head_end) = find(bytes, b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&bytes[..head_end]).context("an answer's head is no text")?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.get(9..12)?.parse().ok()).context("an answer has no status")?;
    let body_at = head_end + 4;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            let length: usize = value.trim().parse()?;
            return Ok((bytes.len() >= body_at + length).then_some((status, body_at + length)));
        }
        if name.eq_ignore_ascii_case("transfer-encoding") {
            // workerd sends each body of ours in few chunks, and none that holds this mark itself.
            let end = find(&bytes[body_at..], b"0\r\n\r\n").map(|at| body_at + at + 5);
            return Ok(end.map(|end| (status, end)));
        }
    }
    bail!("an answer does not say how long it is:\n{head}")
}

fn find(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).position(|window| window == mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_where_its_length_says() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: y\r\n\r\nokHTTP/1.1 404";
        assert_eq!(read_reply(answer).unwrap(), Some((200, answer.len() - 12)));
        for cut in 0..answer.len() - 12 {
            assert_eq!(read_reply(&answer[..cut]).unwrap(), None, "{cut}");
        }
        let chunked = b"HTTP/1.1 401 Unauthorized\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        assert_eq!(read_reply(chunked).unwrap(), Some((401, chunked.len())));
        assert!(read_reply(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(read_reply(b"garbage\r\n\r\n").is_err());
    }
}
