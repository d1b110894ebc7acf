using System.Net;
using System.Text.RegularExpressions;

namespace Candor.Program.Config;

/// <summary>What a text must look like, in words and as a check.</summary>
/// <param name="Singular">One such text, as in "must be a DNS label".</param>
/// <param name="Plural">Several of them, as in "list of DNS labels".</param>
/// <param name="Holds">Whether a text is one.</param>
public sealed partial record TextForm(string Singular, string Plural, Func<string, bool> Holds)
{
    /// <summary>Any text.</summary>
    public static TextForm Any { get; } = new("text", "texts", _ => true);

    /// <summary>A name that Kubernetes accepts everywhere.</summary>
    public static TextForm DnsLabel { get; } = new(
        "a DNS label (lower case letters, digits and dashes, at most 63)", "DNS labels", Dns().IsMatch);

    /// <summary>A name short enough that AWS names made of it stay within 32 characters.</summary>
    public static TextForm ServiceName { get; } = new(
        "a DNS label of at most 20 characters", "DNS labels of at most 20 characters", text => text.Length <= 20 && Dns().IsMatch(text));

    /// <summary>A host name.</summary>
    public static TextForm Domain { get; } = new("a domain name", "domain names", DomainName().IsMatch);

    /// <summary>An address range, version 4 or 6.</summary>
    public static TextForm Cidr { get; } = new(
        "an address range such as 10.0.0.0/16", "address ranges such as 10.0.0.0/16", text => IPNetwork.TryParse(text, out _));

    /// <summary>An Amazon resource name.</summary>
    public static TextForm Arn { get; } = new("an ARN", "ARNs", text => ArnText().IsMatch(text));

    /// <summary>A Kubernetes quantity above zero.</summary>
    public static TextForm Quantity { get; } = new(
        "a Kubernetes quantity such as 250m or 512Mi", "Kubernetes quantities", QuantityText().IsMatch);

    /// <summary>A container image with a tag or a digest.</summary>
    public static TextForm Image { get; } = new(
        "an image with a digest (name@sha256:…) or a tag", "images", ImageText().IsMatch);

    /// <summary>An absolute http or https address.</summary>
    public static TextForm Url { get; } = new(
        "an http or https URL",
        "URLs",
        text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https");

    /// <summary>A share of good requests in percent.</summary>
    public static TextForm Percentage { get; } = new(
        "a percentage from 90 to 99.999",
        "percentages",
        text =>
            decimal.TryParse(
                text, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var value)
            && value is >= 90m and <= 99.999m);

    /// <summary>A TLS policy of the load balancer that speaks TLS 1.3 and nothing below 1.2.</summary>
    public static TextForm TlsPolicy { get; } = new(
        "an ELBSecurityPolicy-TLS13-1-2… or -TLS13-1-3… policy", "TLS policies", TlsPolicyText().IsMatch);

    /// <summary>Whether an image is pinned by digest, so that what runs cannot change unseen.</summary>
    public static bool HasDigest(string image) => Digest().IsMatch(image);

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
    private static partial Regex Dns();

    [GeneratedRegex(@"^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$")]
    private static partial Regex DomainName();

    [GeneratedRegex("^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:.+$")]
    private static partial Regex ArnText();

    [GeneratedRegex("^(?!0+(\\.0*)?([a-zA-Z]|$))[0-9]+(\\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$")]
    private static partial Regex QuantityText();

    [GeneratedRegex(
        "^[a-z0-9]([a-z0-9._:/-]*[a-z0-9])?((:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})"
            + "|(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?@sha256:[0-9a-f]{64})$")]
    private static partial Regex ImageText();

    [GeneratedRegex("@sha256:[0-9a-f]{64}$")]
    private static partial Regex Digest();

    [GeneratedRegex("^ELBSecurityPolicy-TLS13-1-[23]-[A-Za-z0-9-]+$")]
    private static partial Regex TlsPolicyText();
}
