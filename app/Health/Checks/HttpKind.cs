using Candor.Contract;
using Candor.Health.Names;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Candor.Health.Checks;

/// <summary>HTTP services, checked by asking for an address.</summary>
internal sealed class HttpKind : IDependencyKind
{
    public string Kind => DependencyKind.Http;

    public IHealthCheck CreateCheck(Dependency dependency, IServiceProvider services) =>
        new HttpCheck(Connection.Find<HttpSource>(services, dependency, "services.AddHttpSource(...)"), services.GetRequiredService<HostLookup>());
}
