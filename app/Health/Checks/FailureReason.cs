using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Candor.Health.Checks;

/// <summary>What an exception means for health, by the classifiers of the client libraries.</summary>
internal sealed partial class FailureReason(IEnumerable<IFailureClassifier> classifiers)
{
    private readonly IFailureClassifier[] _classifiers = [.. classifiers];

    /// <summary>The cause behind <paramref name="exception"/>, looking through its inner exceptions for the most telling one.</summary>
    public FailureCause Of(Exception exception)
    {
        FailureCause? down = null;
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (Classify(current) is { } cause)
            {
                if (cause.Reason != Reason.DependencyDown || cause.Code is not null)
                {
                    return cause;
                }

                down ??= cause;
            }
        }

        return down ?? exception switch
        {
            AggregateException { InnerExceptions: [{ } first, ..] } => Of(first),
            OperationCanceledException or TimeoutException => new(Reason.TimedOut),
            _ => new(Reason.CheckFailed),
        };
    }

    /// <summary>The exception in one line for the management port, without credentials.</summary>
    public static string Describe(Exception exception)
    {
        var cause = exception.GetBaseException();
        var text = cause.Message.ReplaceLineEndings(" ");
        return $"{cause.GetType().Name}: {Credentials().Replace(text, "$1***")}";
    }

    private FailureCause? Classify(Exception exception)
    {
        foreach (var classifier in _classifiers)
        {
            if (classifier.Classify(exception) is { } cause)
            {
                return cause;
            }
        }

        return exception is SocketException or HttpRequestException ? new(Reason.DependencyDown) : null;
    }

    [GeneratedRegex(@"((?:password|pwd|secret|token)\s*[=:]\s*|://)[^\s;,@]+(?:@|(?=[\s;,]|$))", RegexOptions.IgnoreCase)]
    private static partial Regex Credentials();
}
