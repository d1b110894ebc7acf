namespace Candor.Local;

/// <summary>How results in a row become a verdict: the verdict changes when as many equal results came as the threshold asks for.</summary>
internal sealed class ProbeCounter(bool initial, int successThreshold, int failureThreshold)
{
    private bool _last = initial;
    private int _run;

    /// <summary>What holds now.</summary>
    public bool Verdict { get; private set; } = initial;

    /// <summary>Takes one result; true when its threshold is reached, also where the verdict was the same already.</summary>
    public bool Add(bool success)
    {
        _run = success == _last ? _run + 1 : 1;
        _last = success;
        if (_run < (success ? successThreshold : failureThreshold))
        {
            return false;
        }

        Verdict = success;
        return true;
    }
}
