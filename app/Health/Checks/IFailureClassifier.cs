namespace Candor.Health.Checks;

/// <summary>
/// Tells what the exceptions of one client library mean for health. The packages for drivers each register one; an app may add its
/// own: <c>services.AddFailureClassifier&lt;MyClassifier&gt;()</c>.
/// </summary>
public interface IFailureClassifier
{
    /// <summary>The cause behind one exception of a chain, or null when it is not one of this library's. Inner exceptions are asked for by themselves.</summary>
    FailureCause? Classify(Exception exception);
}

/// <summary>Why a call failed.</summary>
/// <param name="Reason">What it means for health.</param>
/// <param name="Code">The code that the dependency answered with, such as an SQLSTATE or an AMQP reply code. Shown publicly; never text from outside.</param>
public sealed record FailureCause(Reason Reason, string? Code = null)
{
    /// <summary>Code and reason in one line.</summary>
    public override string ToString() => Code is null ? $"{Reason.Text()}" : $"{Code} {Reason.Text()}";
}
