use super::body::BodyError;
use super::reply::Response;
use super::router::Exchange;
use gatehouse_domain::ports::EdgePorts;
use gatehouse_shared::api::{ApiSummary, RouteSummary, VersionSummary};
use gatehouse_shared::description::Version;

impl<R: EdgePorts> Exchange<'_, R> {
    pub(super) fn describe_api(&self) -> Result<Response, BodyError> {
        let settings = &self.isolate.settings;
        let summary = ApiSummary {
            name: settings.api.name.clone(),
            summary: settings.api.summary.clone(),
            terms_url: settings.api.terms_url.clone(),
            approval: settings.approval,
            limits: settings.api.plan,
            freshness_seconds: settings.freshness_seconds(),
            rules: settings.rules(),
            versions: settings.api.versions.iter().map(summarize).collect(),
            scopes: settings.api.scopes.clone(),
        };
        Ok(Response::ok(&summary)?)
    }
}

fn summarize(version: &Version) -> VersionSummary {
    VersionSummary {
        name: version.name.clone(),
        prefix: version.prefix.clone(),
        needs_project: version.needs_project,
        errors: version.errors,
        limit: version.limit,
        routes: version
            .routes
            .iter()
            .map(|route| RouteSummary {
                methods: route.methods.clone(),
                path: route.path.clone(),
                summary: route.summary.clone(),
                credentials: route.credentials.clone(),
                permission: route.permission,
                scopes: route.scopes.clone(),
                limit: route.limit,
            })
            .collect(),
    }
}
