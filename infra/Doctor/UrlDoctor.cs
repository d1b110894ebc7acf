using System.Globalization;
using Candor.Doctor.Model;
using Candor.Doctor.Url;

namespace Candor.Doctor;

/// <summary>Why does the probe of this URL fail? For any service of anybody; nothing of ours is needed.</summary>
public static class UrlDoctor
{
    /// <summary>Asks the URL as a prober does, and says how far it came.</summary>
    /// <param name="url">An absolute http or https URL.</param>
    /// <param name="timeout">How long the prober waits, 1 ms to 5 min.</param>
    /// <param name="codes">The status codes that mean healthy, such as <c>200</c> or <c>200-299</c>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="ArgumentException">The codes cannot be read.</exception>
    public static async Task<Diagnosis> AskAsync(Uri url, TimeSpan timeout, string codes, TimeProvider time,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(time);
        var asked = new UrlFacts
        {
            Url = url,
            Timeout = timeout,
            Codes = codes,
            IsHealthyCode = UrlCauses.Codes(codes) ?? throw new ArgumentException($"'{codes}' are no status codes.", nameof(codes)),
            At = time.GetUtcNow(),
        };
        return Diagnose(await new UrlProbe(time).AskAsync(asked, cancellationToken).ConfigureAwait(false));
    }

    internal static Diagnosis Diagnose(UrlFacts facts)
    {
        var findings = Diagnosis.InOrder(UrlCauses.All.SelectMany(cause => cause.Find(facts)));
        var cause = findings.FirstOrDefault(finding => finding.Severity != Severity.Note);
        return new()
        {
            Subject = SafeText.Of(facts.Url.ToString()),
            At = facts.At,
            Cause = cause,
            Others = [.. findings.Where(finding => finding != cause && finding.Severity != Severity.Note)],
            Notes = [.. findings.Where(finding => finding.Severity == Severity.Note)],
            Path = Path(facts, cause),
            Looked = [Looked(facts)],
        };
    }

    private static string Looked(UrlFacts facts) => facts.Http is { Status: { } status } http
        ? string.Create(CultureInfo.InvariantCulture,
            $"{facts.Endpoint}: {status}, {http.BodyLength} bytes in {http.BodyTime.TotalMilliseconds:0} ms of "
            + $"{facts.Timeout.TotalMilliseconds:0} ms")
        : $"{facts.Endpoint?.ToString() ?? SafeText.Of(facts.Url.Host)}";

    private static List<StepMark> Path(UrlFacts facts, Finding? cause)
    {
        var connected = facts.Endpoint is not null && facts.ConnectError is null;
        var http = facts.Http;
        var answered = http?.Status is not null;
        return
        [
            .. new (PathStep Step, bool Passed, string Detail)[]
            {
                (PathStep.Balancer, facts.Addresses.Count > 0, facts.Addresses.Count > 0
                    ? $"name has {facts.Addresses.Count.ToString(CultureInfo.InvariantCulture)} "
                    + $"address{(facts.Addresses.Count == 1 ? string.Empty : "es")}" : string.Empty),
                (PathStep.SecurityGroup, connected || facts.ConnectError == System.Net.Sockets.SocketError.ConnectionRefused, string.Empty),
                (PathStep.Listener, connected, facts.Url.Port.ToString(CultureInfo.InvariantCulture)),
                (PathStep.Endpoint, answered, facts.Url.AbsolutePath.Length > 24 ? string.Empty : facts.Url.AbsolutePath),
                (PathStep.Answer, answered && facts.IsHealthyCode(http!.Status!.Value),
                    http?.Status?.ToString(CultureInfo.InvariantCulture) ?? string.Empty),
                (PathStep.Check, answered && HealthBody.Read(http!.Body).IsClean, string.Empty),
            }.Select(step => new StepMark(
                step.Step,
                cause is null || step.Step < cause.Step ? step.Passed ? Mark.Passed : Mark.Unknown : step.Step == cause.Step ? Mark.Broken
                    : Mark.NotReached,
                SafeText.Of(step.Detail))),
        ];
    }
}
