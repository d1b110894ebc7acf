using System.Collections.Immutable;

namespace Candor.Program.Config;

/// <summary>How the services are reached from outside: who, by which name, over which certificate, and how the balancer behaves.</summary>
public sealed record EdgeConfig
{
    /// <summary>Whether the balancer is reachable only inside the VPC.</summary>
    public required bool Internal { get; init; }

    /// <summary>Address ranges that may reach it, version 4 or 6.</summary>
    public required ImmutableArray<string> AllowedCidrs { get; init; }

    /// <summary>Prefix lists that may reach it.</summary>
    public required ImmutableArray<string> AllowedPrefixLists { get; init; }

    /// <summary>Host name of the service, or null.</summary>
    public string? Domain { get; init; }

    /// <summary>Route 53 zone of the domain, or null.</summary>
    public string? Zone { get; init; }

    /// <summary>Existing certificate, or null.</summary>
    public string? CertificateArn { get; init; }

    /// <summary>TLS policy of the HTTPS listener.</summary>
    public required string TlsPolicy { get; init; }

    /// <summary>Kubernetes Secret with the certificate (gke, nginx), or null.</summary>
    public string? TlsSecret { get; init; }

    /// <summary>Web ACL in front of the balancer, or null for none.</summary>
    public string? WebAclArn { get; init; }

    /// <summary>S3 bucket of the access logs, or null for none.</summary>
    public string? AccessLogsBucket { get; init; }

    /// <summary>Prefix of the access logs, or null.</summary>
    public string? AccessLogsPrefix { get; init; }

    /// <summary>Whether balancer and managed dependencies refuse to be deleted.</summary>
    public required bool DeletionProtection { get; init; }

    /// <summary><c>defensive</c> or <c>strictest</c>.</summary>
    public required string DesyncMitigation { get; init; }

    /// <summary>How a target is chosen.</summary>
    public required string Algorithm { get; init; }

    /// <summary>Whether targets that fail more than others get less.</summary>
    public required bool AnomalyMitigation { get; init; }

    /// <summary>Seconds in which a new target's share grows, or 0.</summary>
    public required int SlowStart { get; init; }

    /// <summary>Whether the balancer speaks HTTPS.</summary>
    public bool HasCertificate => CertificateArn is not null || MakesCertificate;

    /// <summary>Whether a certificate is made for the domain in the zone.</summary>
    public bool MakesCertificate => CertificateArn is null && Domain is not null && Zone is not null;

    internal static EdgeConfig Read(ConfigReader reader) => new()
    {
        Internal = reader.Boolean("internal"),
        AllowedCidrs = reader.List("allowedCidrs"),
        AllowedPrefixLists = reader.List("allowedPrefixLists"),
        Domain = reader.Optional("domain"),
        Zone = reader.Optional("zone"),
        CertificateArn = reader.Optional("certificateArn"),
        TlsPolicy = reader.Text("tlsPolicy"),
        TlsSecret = reader.Optional("tlsSecret"),
        WebAclArn = reader.Optional("webAclArn"),
        AccessLogsBucket = reader.Optional("accessLogsBucket"),
        AccessLogsPrefix = reader.Optional("accessLogsPrefix"),
        DeletionProtection = reader.Boolean("deletionProtection"),
        DesyncMitigation = reader.Text("desyncMitigation"),
        Algorithm = reader.Text("algorithm"),
        AnomalyMitigation = reader.Boolean("anomalyMitigation"),
        SlowStart = reader.Integer("slowStart"),
    };
}
