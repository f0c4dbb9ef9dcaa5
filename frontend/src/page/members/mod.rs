//! The page of the members of a developer account: who they are, who is invited, and what each role may do.

mod invitations;
mod invite;
mod managing;
mod member_row;
mod removal;
mod role_form;
mod roles;
mod text;

use crate::api::use_client;
use crate::layout::{Heading, NotFoundPage, Page};
use crate::state::{Remote, use_session};
use crate::ui::{CardSkeleton, Dialog, Icon, IconName, effect};
use crate::widget::Loaded;
use gatehouse_shared::api::MemberList;
use gatehouse_shared::model::DeveloperAccountId;
use invitations::Invitations;
use invite::InviteDialog;
use leptos::prelude::*;
use managing::Managing;
use member_row::MemberRow;
use removal::RemovalForm;
use role_form::RoleForm;
use roles::RoleTable;

#[component]
pub fn MembersPage(id: DeveloperAccountId) -> impl IntoView {
    let (client, session) = (use_client(), use_session());
    let remote = Remote::new(move || client.list_members(id));
    // The pages that come next are of the same developer account.
    effect(move || {
        if remote.get().is_some() {
            session.show_developer_account(id, client);
        }
    });
    let is_missing = Memo::new(move |_| remote.is_missing());
    move || match is_missing.get() {
        true => view! { <NotFoundPage lead=text::MISSING/> }.into_any(),
        false => view! { <Members id remote/> }.into_any(),
    }
}

#[component]
fn Members(id: DeveloperAccountId, remote: Remote<MemberList>) -> impl IntoView {
    let managing = Managing::new(id, remote);
    let inviting = RwSignal::new(false);
    let ready = Signal::derive(move || remote.is_settled());
    let lead = Signal::derive(move || text::lead(&managing.name()));
    view! {
        <Page name="members" title=text::TITLE ready>
            <Heading title=text::TITLE lead parents=Signal::stored(vec![("Dashboard".to_owned(), "/dashboard".to_owned())])>
                {move || managing.may_invite().then(|| view! {
                    <button type="button" class="button button-primary" data-testid="invite" on:click=move |_| inviting.set(true)>
                        <Icon name=IconName::Plus/> {text::invite::ACTION}
                    </button>
                })}
            </Heading>
            <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |list| view! {
                <div class="stack stack-wide">
                    <MemberTable list managing/>
                    {move || managing.may_invite().then(|| view! { <Invitations list managing/> })}
                    <RoleTable/>
                </div>
            }.into_any())/>
            <InviteDialog managing open=inviting/>
            <ChangeDialogs managing/>
        </Page>
    }
}

#[component]
fn MemberTable(list: Memo<MemberList>, managing: Managing) -> impl IntoView {
    view! {
        <section class="card card-list" aria-label=text::TITLE>
            <table class="table" data-testid="members">
                <thead>
                    <tr>
                        <th scope="col">{text::MEMBER}</th>
                        <th scope="col">{text::ROLE}</th>
                        <th scope="col">{text::SINCE}</th>
                        <th scope="col"><span class="visually-hidden">{text::ACTIONS}</span></th>
                    </tr>
                </thead>
                <tbody>
                    {move || list.get().members.into_iter().map(|member| view! { <MemberRow member managing/> }).collect_view()}
                </tbody>
            </table>
        </section>
    }
}

/// The dialogs about one member: their role, and their removal.
#[component]
fn ChangeDialogs(managing: Managing) -> impl IntoView {
    let role_title = Signal::derive(move || text::role::title(&managing.subject_name()));
    let removal_title = Signal::derive(move || {
        if managing.is_about_self() {
            text::removal::leave_title(&managing.name())
        } else {
            text::removal::remove_title(&managing.subject_name())
        }
    });
    view! {
        <Dialog open=managing.changing_role id="role-dialog" title=role_title>
            {move || managing.subject.get_untracked().map(|member| view! { <RoleForm managing member/> })}
        </Dialog>
        <Dialog open=managing.removing id="removal-dialog" title=removal_title>
            {move || managing.subject.get_untracked().map(|member| view! { <RemovalForm managing member/> })}
        </Dialog>
    }
}
