//! A decision as the Worker's JavaScript takes it: one text.

use super::Browsing;
use crate::isolate::Isolate;
use gatehouse_domain::gate::{Answer, Refused, Verdict};
use gatehouse_domain::ports::EdgePorts;
use gatehouse_domain::request::RequestHead;

/// What the text of a decision begins with, which tells what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum DecisionCode {
    /// Forward the request, with the headers that follow.
    Forward = b'F',
    /// The same; [`Isolate::settle`] has something to do afterwards.
    ForwardAndSettle = b'U',
    /// Give the answer that follows.
    Answer = b'R',
    /// The same; [`Isolate::settle`] has something to do afterwards.
    AnswerAndSettle = b'A',
    /// Decide the request as any other, and put the `name: value` lines that
    /// follow on the answer, for the page that sent it.
    TellPage = b'H',
}

impl DecisionCode {
    /// All of them, by the names that JavaScript knows them under.
    pub const NAMED: [(&str, Self); 5] = [
        ("forward", Self::Forward),
        ("forwardAndSettle", Self::ForwardAndSettle),
        ("answer", Self::Answer),
        ("answerAndSettle", Self::AnswerAndSettle),
        ("tellPage", Self::TellPage),
    ];

    fn with_answer(self, answer: &Answer) -> String {
        let (mut request_id, mut shared, mut own) = ("", String::new(), String::new());
        for (name, value) in &answer.headers {
            let lines = match name.as_str() {
                "x-gatehouse-request-id" => {
                    request_id = value;
                    continue;
                }
                "signature" | "signature-input" | "retry-after" | "ratelimit" => &mut own,
                name if name.starts_with("access-control-") => &mut own,
                name if name.starts_with("x-rate-limit-") => &mut own,
                _ => &mut shared,
            };
            lines.extend([name, ": ", value, "\n"]);
        }
        let code = char::from(self as u8);
        format!("{code}{} {request_id}\n{shared}\n{own}\n{}", answer.status, answer.body)
    }

    fn before(self, mut text: String) -> String {
        text.insert(0, char::from(self as u8));
        text
    }
}

impl<R: EdgePorts> Isolate<R> {
    /// Writes a decision: its [`DecisionCode`] and, of a request that passes,
    /// the `name: value` lines for the API, an empty line, and those for the
    /// caller; of an answer what [`write_answer`] writes after the code.
    pub fn write_decision(&self, head: &RequestHead<'_>, verdict: &Verdict) -> String {
        let has_work = self.has_work(self.runtime.now());
        let (code, text) = match verdict {
            Verdict::Forward(identity) => {
                let code = if has_work { DecisionCode::ForwardAndSettle } else { DecisionCode::Forward };
                (code, self.header_lines(head, identity))
            }
            Verdict::Answer(answer) | Verdict::Refuse(Refused { answer, .. }) => {
                let code = if has_work { DecisionCode::AnswerAndSettle } else { DecisionCode::Answer };
                return code.with_answer(answer);
            }
        };
        code.before(text)
    }
}

/// Writes what becomes of a request that comes from a page; `None` where it is
/// decided as any other.
pub fn write_browsing(browsing: Browsing) -> Option<String> {
    match browsing {
        Browsing::Usual => None,
        Browsing::Told(lines) => Some(DecisionCode::TellPage.before(lines)),
        Browsing::Answer(answer) => Some(write_answer(&answer)),
        Browsing::Ask(id) => {
            let line = format!("x-gatehouse-request-id: {id}\n");
            Some(DecisionCode::Forward.before(format!("{line}\n{line}")))
        }
    }
}

/// Writes an answer as a decision: its code; the status, a space, the request
/// id and a line end; the headers as `name: value` lines: those that many
/// answers share, which the reader may keep, an empty line, those that differ
/// from answer to answer, an empty line; the body.
pub fn write_answer(answer: &Answer) -> String {
    DecisionCode::Answer.with_answer(answer)
}
