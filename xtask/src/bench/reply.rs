//! Reads HTTP/1.1 answers from a connection that stays open.

use anyhow::{Context, Result, bail};
use httparse::{EMPTY_HEADER, Header, Response, Status, parse_chunk_size};

/// Where an answer's parts end in the bytes that were received.
#[derive(Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub body_at: usize,
    pub end: usize,
}

/// Reads the answer at the start of the bytes; `None` while a part of it is missing.
pub fn read_reply(bytes: &[u8]) -> Result<Option<Reply>> {
    let mut headers = [EMPTY_HEADER; 64];
    let mut response = Response::new(&mut headers);
    let Status::Complete(body_at) = response.parse(bytes).context("an answer's head cannot be read")? else {
        return Ok(None);
    };
    let status = response.code.context("an answer has no status")?;
    let end = if let Some(length) = header(response.headers, "content-length") {
        let end = body_at + length.parse::<usize>().context("an answer's length cannot be read")?;
        (bytes.len() >= end).then_some(end)
    } else if header(response.headers, "transfer-encoding").is_some() {
        end_of_chunks(bytes, body_at)?
    } else {
        bail!("an answer does not say how long it is");
    };
    Ok(end.map(|end| Reply { status, body_at, end }))
}

fn header<'a>(headers: &[Header<'a>], name: &str) -> Option<&'a str> {
    let header = headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
    std::str::from_utf8(header.value).ok()
}

/// Where a chunked body ends (RFC 9112 §7.1). workerd sends no trailers.
fn end_of_chunks(bytes: &[u8], mut at: usize) -> Result<Option<usize>> {
    while let Some(rest) = bytes.get(at..) {
        let chunk = parse_chunk_size(rest).map_err(|_| anyhow::anyhow!("a chunk's size cannot be read"))?;
        let Status::Complete((line, size)) = chunk else { return Ok(None) };
        at += line + usize::try_from(size)? + b"\r\n".len();
        if size == 0 {
            return Ok((bytes.len() >= at).then_some(at));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_where_its_length_says() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: y\r\n\r\nokHTTP/1.1 404";
        let end = answer.len() - "HTTP/1.1 404".len();
        assert_eq!(read_reply(answer).unwrap(), Some(Reply { status: 200, body_at: end - 2, end }));
        for cut in 0..end {
            assert_eq!(read_reply(&answer[..cut]).unwrap(), None, "{cut}");
        }
    }

    #[test]
    fn an_answer_in_chunks_ends_after_the_empty_chunk() {
        let answer = b"HTTP/1.1 401 Unauthorized\r\ntransfer-encoding: chunked\r\n\r\n5\r\n0\r\n\r\n\r\n0\r\n\r\n";
        let reply = read_reply(answer).unwrap().unwrap();
        assert_eq!((reply.status, reply.end), (401, answer.len()));
        for cut in 0..answer.len() {
            assert_eq!(read_reply(&answer[..cut]).unwrap(), None, "{cut}");
        }
    }

    #[test]
    fn an_answer_without_a_length_is_an_error() {
        assert!(read_reply(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(read_reply(b"garbage\r\n\r\n").is_err());
    }
}
