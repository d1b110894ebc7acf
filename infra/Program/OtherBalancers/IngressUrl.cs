using Candor.Program.Config;
using Pulumi;

namespace Candor.Program.OtherBalancers;

/// <summary>Where users reach a service behind an Ingress.</summary>
internal static class IngressUrl
{
    public static Output<string> Of(StackConfig config) =>
        Output.Create($"{(config.Edge.TlsSecret is null ? "http" : "https")}://{config.Edge.Domain}/");
}
