//! The developer application: who may move it where.

use crate::portal_error::PortalError;
use gatehouse_shared::api::{ApprovalMode, DecideApplicationRequest, SubmitApplicationRequest};
use gatehouse_shared::model::{ApplicationEvent, ApplicationState, DeveloperApplication, UnixSeconds};

/// What a submission leads to: the application and the events to record, the
/// last of which is the new state.
pub fn submit_application(
    state: ApplicationState,
    request: &SubmitApplicationRequest,
    mode: ApprovalMode,
    now: UnixSeconds,
) -> Result<(DeveloperApplication, Vec<ApplicationEvent>), PortalError> {
    if !state.takes_submission() {
        return Err(PortalError::ApplicationClosed(state));
    }
    let application = DeveloperApplication {
        use_case: request.use_case.clone(),
        purpose: request.purpose,
        organization: request.organization.clone(),
        terms_accepted_at: now,
    };
    let event =
        |state, reason: &str| ApplicationEvent { at: now, state, reason: reason.to_owned(), by_operator: false };
    let mut events = vec![event(ApplicationState::InReview, "")];
    if mode == ApprovalMode::Auto {
        events.push(event(ApplicationState::Approved, "Approved automatically, as this API's operator has set."));
    }
    Ok((application, events))
}

/// What an operator's decision leads to.
pub fn decide_application(
    state: ApplicationState,
    request: &DecideApplicationRequest,
    now: UnixSeconds,
) -> Result<ApplicationEvent, PortalError> {
    let next = request.decision.applied_to(state).ok_or(PortalError::DecisionDoesNotApply(state))?;
    Ok(ApplicationEvent { at: now, state: next, reason: request.reason.clone(), by_operator: true })
}

/// Lets only approved developers through.
pub fn require_approval(state: ApplicationState) -> Result<(), PortalError> {
    if state == ApplicationState::Approved { Ok(()) } else { Err(PortalError::NotApproved(state)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse_shared::model::{ApplicationState as S, DecisionKind as D, Purpose};

    fn submission() -> SubmitApplicationRequest {
        SubmitApplicationRequest {
            use_case: "x".repeat(100),
            purpose: Purpose::Research,
            organization: String::new(),
            accept_terms: true,
        }
    }

    #[test]
    fn a_submission_is_taken_only_before_review_or_when_asked() {
        for state in S::ALL {
            let taken = submit_application(state, &submission(), ApprovalMode::Review, UnixSeconds(1));
            match state {
                S::None | S::MoreInformationRequested | S::Declined => {
                    assert_eq!(taken.unwrap().1.last().unwrap().state, S::InReview);
                }
                _ => assert_eq!(taken.unwrap_err(), PortalError::ApplicationClosed(state)),
            }
        }
        let auto = submit_application(S::None, &submission(), ApprovalMode::Auto, UnixSeconds(1)).unwrap();
        assert_eq!(auto.1.last().unwrap().state, S::Approved);
    }

    #[test]
    fn a_decision_moves_only_what_it_applies_to() {
        let allowed = [
            (D::Approve, S::InReview, S::Approved),
            (D::Approve, S::MoreInformationRequested, S::Approved),
            (D::Decline, S::InReview, S::Declined),
            (D::Decline, S::MoreInformationRequested, S::Declined),
            (D::RequestInformation, S::InReview, S::MoreInformationRequested),
            (D::Suspend, S::Approved, S::Suspended),
            (D::Reinstate, S::Suspended, S::Approved),
        ];
        for decision in [D::Approve, D::Decline, D::RequestInformation, D::Suspend, D::Reinstate] {
            for state in S::ALL {
                let request = DecideApplicationRequest { decision, reason: "because".into() };
                let expected = allowed.iter().find(|(d, s, _)| *d == decision && *s == state).map(|(_, _, to)| *to);
                let moved = decide_application(state, &request, UnixSeconds(1)).ok().map(|event| event.state);
                assert_eq!(moved, expected, "{decision:?} {state:?}");
            }
        }
    }
}
