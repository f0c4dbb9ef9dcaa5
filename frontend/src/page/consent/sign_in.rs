use super::frame::Frame;
use super::visit::Visit;
use crate::layout::{here, leading_back};
use crate::page::entry::SignInForm;
use crate::state::use_description;
use crate::ui::Monogram;
use gatehouse_shared::api::ConsentRequest;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Signing in, in the place of the question that comes next.
#[component]
pub fn SignIn(request: ConsentRequest, visit: Visit) -> impl IntoView {
    let description = use_description();
    let title = format!("Sign in to {}", untrack(|| description.name()));
    let lead = format!(
        "{} wants to access your account. Sign in to see what it asks for, then decide. It won’t see your password.",
        request.app.name
    );
    let sign_up = leading_back("/sign-up", &here(&use_location()));
    let login = visit.login(&request);
    view! {
        <Frame title lead sign=view! { <Monogram name=request.app.name/> }.into_any()>
            <SignInForm login on_done=Callback::new(move |()| visit.begin())/>
            <p class="entry-other">"New here? " <a href=sign_up>"Create an account"</a></p>
        </Frame>
    }
}
