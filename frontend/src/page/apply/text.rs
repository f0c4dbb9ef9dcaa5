//! The texts of the page of the developer application.

pub const TITLE: &str = "Developer application";

pub const IN_REVIEW: &str = "Your application is in review";
pub const IN_REVIEW_NEXT: &str = "We’ll review it and show the decision here.";
pub const QUESTION: &str = "We need more information";
pub const QUESTION_NEXT: &str = "Update your application below and resubmit it.";
pub const APPROVED: &str = "Your developer account is approved";
pub const TO_DASHBOARD: &str = "Go to your dashboard";
pub const DECLINED: &str = "Your application was declined";
pub const DECLINED_NEXT: &str = "You can change it and apply again.";
pub const SUSPENDED: &str = "Your developer account is suspended";
pub const SUSPENDED_NEXT: &str = "Requests from your Apps are refused until the account is reinstated.";

pub const FORM_FIRST: &str = "Tell us about your project";
pub const FORM_AGAIN: &str = "Your application";
pub const SEND_FIRST: &str = "Submit application";
pub const SEND_AGAIN: &str = "Resubmit";
pub const SENT: &str = "Application submitted.";
pub const USE_CASE: &str = "Use case";
pub const USE_CASE_HINT: &str = "What will you build, who will use it, and what data will it read or change?";
pub const PURPOSE: &str = "Purpose";
pub const ORGANIZATION: &str = "Organization";
pub const ORGANIZATION_HINT: &str = "Leave this empty if you’re applying as an individual.";
pub const NO_ORGANIZATION: &str = "None (individual)";
pub const TERMS: &str = "Terms";
pub const ACCEPT: &str = "I accept the ";
pub const TERMS_OF_API: &str = "terms of this API";
pub const NO_TERMS: &str = "I’ll use the API only as described above.";

pub const YOUR_ANSWERS: &str = "Your answers";

pub fn lead(api: &str) -> String {
    format!("Once your application is approved, you can create Projects and Apps for {api}.")
}
