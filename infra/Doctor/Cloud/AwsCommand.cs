using System.Globalization;
using Candor.Doctor.Commands;
using Candor.Doctor.Model;
using Candor.Planning;

namespace Candor.Doctor.Cloud;

/// <summary>What one question to AWS came to.</summary>
/// <param name="Answer">The answer, or missing.</param>
/// <param name="Why">Why there is none, or null.</param>
internal sealed record AwsAnswer(PlanValue Answer, string? Why);

/// <summary>Asks AWS through the <c>aws</c> command, with the user's own profile, region and endpoint; reads only.</summary>
internal sealed class AwsCommand(CommandRunner runner, string? region, string? profile, string? endpoint, TimeSpan limit) : IDisposable
{
    // At once, the command's interpreter alone would take all the processors.
    private readonly SemaphoreSlim _few = new(4);

    // Of both major versions: the first knows no --no-cli-pager, and the second minds AWS_PAGER.
    /// <summary>The settings that keep the command from waiting for a person or an address that does not answer.</summary>
    internal static Dictionary<string, string> Environment()
    {
        var set = new Dictionary<string, string>(StringComparer.Ordinal) { ["AWS_PAGER"] = string.Empty, ["PYTHONUNBUFFERED"] = "1" };
        foreach (var (name, value) in new[] { ("AWS_RETRY_MODE", "standard"), ("AWS_MAX_ATTEMPTS", "4"),
            ("AWS_METADATA_SERVICE_TIMEOUT", "1"), ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "1") })
        {
            if (string.IsNullOrEmpty(System.Environment.GetEnvironmentVariable(name)))
            {
                set[name] = value;
            }
        }

        return set;
    }

    /// <summary>The command as a person would type it.</summary>
    internal static string Text(IReadOnlyList<string> arguments) => $"aws {string.Join(' ', arguments.Take(2))}";

    /// <summary>Asks once; the command itself goes through the pages and tries again when it is throttled.</summary>
    internal async Task<AwsAnswer> AskAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        List<string> all = [.. arguments, "--output", "json", "--cli-connect-timeout", "5", "--cli-read-timeout", "15"];
        foreach (var (option, value) in new[] { ("--region", region), ("--profile", profile), ("--endpoint-url", endpoint) })
        {
            if (value is { Length: > 0 })
            {
                all.AddRange([option, value]);
            }
        }

        await _few.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var result = await runner.RunAsync(all, limit, cancellationToken).ConfigureAwait(false);
            if (!result.IsGood)
            {
                return new(PlanValue.Missing, Explain(result, arguments));
            }

            return new(ItemReader.Readable(PlanValue.Parse(string.IsNullOrWhiteSpace(result.Output) ? "{}" : result.Output)), null);
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or InvalidOperationException)
        {
            return new(PlanValue.Missing, $"`{Text(arguments)}` answered no JSON ({SafeText.Short(exception.Message, 80)})");
        }
        finally
        {
            _few.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _few.Dispose();

    /// <summary>Turns the command's errors into what is missing: the program, credentials, a right, a region.</summary>
    private string Explain(CommandResult result, IReadOnlyList<string> arguments)
    {
        var error = result.Error;
        bool Has(string part) => error.Contains(part, StringComparison.OrdinalIgnoreCase);
        var action = string.Concat(arguments[1].Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        var service = arguments[0] == "elbv2" ? "elasticloadbalancing" : arguments[0];
        return result.End switch
        {
            CommandEnd.NotFound => "the aws command is not installed, or not in PATH (Debian: awscli)",
            CommandEnd.TimedOut =>
                string.Create(CultureInfo.InvariantCulture, $"`{Text(arguments)}` did not answer within {limit.TotalSeconds:0} s"),
            _ when Has("Unable to locate credentials") || Has("NoCredentials") =>
                "the aws command finds no credentials; set AWS_PROFILE, or run aws configure (sso)",
            _ when Has("ExpiredToken") || Has("RequestExpired") || Has("token has expired") || Has("expired") =>
                "the AWS credentials have expired: get new ones (aws sso login)",
            _ when Has("InvalidClientTokenId") || Has("UnrecognizedClientException") || Has("AuthFailure")
                || Has("SignatureDoesNotMatch") => "AWS does not know these credentials",
            _ when Has("AccessDenied") || Has("UnauthorizedOperation") || Has("not authorized") =>
                $"the right {service}:{action} is missing",
            _ when Has("Throttling") || Has("Rate exceeded") || Has("RequestLimitExceeded") =>
                $"`{Text(arguments)}` is throttled by AWS after several tries: ask again in a minute",
            _ when Has("must specify a region") => "no AWS region: set candor:region, AWS_REGION or --region",
            _ when Has("could not be found") && Has("profile") => "there is no such AWS profile",
            _ when Has("Could not connect") || Has("Connect timeout") => "AWS cannot be reached from here",
            _ when Has("NotFound") => $"`{Text(arguments)}`: not found ({SafeText.Short(SafeText.Of(error), 120)})",
            _ => $"`{Text(arguments)}`: "
                + $"{SafeText.Short(SafeText.Of(error.Length > 0 ? error : FormattableString.Invariant($"exit code {result.ExitCode}")), 160)}",
        };
    }
}
