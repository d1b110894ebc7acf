using System.Net.Sockets;
using System.Text.RegularExpressions;
using Candor.Contract;

namespace Candor.Health.Checks;

/// <summary>What an exception means for health, by the classifiers of the client libraries.</summary>
/// <param name="classifiers">One for each client library.</param>
/// <param name="dependencies">The contract's: a cause is given the name of the one that it must be about.</param>
internal sealed partial class FailureReason(IEnumerable<IFailureClassifier> classifiers, IReadOnlyList<Dependency>? dependencies = null)
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
                return cause.Dependency is null && DependencyOf(classifier) is { } name ? cause with { Dependency = name } : cause;
            }
        }

        return exception switch
        {
            SocketException { SocketErrorCode: SocketError.TooManyOpenSockets } => new(Reason.Descriptors),
            OutOfMemoryException => new(Reason.Memory),
            SocketException or HttpRequestException => new(Reason.DependencyDown),
            _ => null,
        };
    }

    // Where the contract has two of a kind, the exception does not show which one failed.
    private string? DependencyOf(IFailureClassifier classifier) =>
        classifier.Kind is { } kind && dependencies?.Where(dependency => dependency.Kind == kind).ToList() is [var one] ? one.Name : null;

    [GeneratedRegex(@"((?:password|pwd|secret|token)\s*[=:]\s*|://)[^\s;,@]+(?:@|(?=[\s;,]|$))", RegexOptions.IgnoreCase)]
    private static partial Regex Credentials();
}
