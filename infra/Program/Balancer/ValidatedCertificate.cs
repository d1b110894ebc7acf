using Candor.Program.Common;
using Pulumi;
using Pulumi.Aws.Acm;
using Pulumi.Aws.Route53;

namespace Candor.Program.Balancer;

/// <summary>A certificate for the domain, proven by a record in its zone.</summary>
internal static class ValidatedCertificate
{
    /// <summary>How long resolvers may keep the proof; it is asked for seldom and may change with each renewal.</summary>
    private const int RecordSeconds = 300;

    /// <summary>The ARN of the certificate, once it is issued.</summary>
    public static Output<string> Make(string domain, Output<string> zone, Scope scope)
    {
        var certificate = new Certificate("certificate", new() { DomainName = domain, ValidationMethod = "DNS" }, scope.Options());
        var proof = certificate.DomainValidationOptions.Apply(options => options[0]);
        var record = new Record(
            "certificate-proof",
            new()
            {
                ZoneId = zone,
                Name = proof.Apply(option => option.ResourceRecordName!),
                Type = proof.Apply(option => option.ResourceRecordType!),
                Records = { proof.Apply(option => option.ResourceRecordValue!) },
                Ttl = RecordSeconds,
                AllowOverwrite = true,
            },
            scope.Options());
        return new CertificateValidation(
            "certificate",
            new() { CertificateArn = certificate.Arn, ValidationRecordFqdns = { record.Fqdn } },
            scope.Options()).CertificateArn;
    }
}
