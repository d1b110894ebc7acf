namespace Candor.Health.Operations;

/// <summary>The last results of something, good or bad, bounded by count and by age. Not safe for several threads at once.</summary>
/// <param name="length">How many results are kept.</param>
/// <param name="span">How long a result is kept, in ticks of the clock that adds them.</param>
internal sealed class ShareWindow(int length, long span)
{
    // Made at the first result: most operations of an app are rarely asked for.
    private (long At, bool Bad)[]? _results;
    private int _first;

    /// <summary>Results in the window.</summary>
    public int Count { get; private set; }

    /// <summary>Bad ones among them.</summary>
    public int Bad { get; private set; }

    /// <summary>Share of bad results, 0 to 1.</summary>
    public double Share => Count == 0 ? 0 : (double)Bad / Count;

    public void Add(long now, bool bad)
    {
        _results ??= new (long, bool)[length];
        if (Count == length)
        {
            RemoveFirst();
        }

        _results[(_first + Count) % length] = (now, bad);
        Count++;
        Bad += bad ? 1 : 0;
    }

    /// <summary>Forgets what is too old.</summary>
    public void Expire(long now)
    {
        while (Count > 0 && now - _results![_first].At >= span)
        {
            RemoveFirst();
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Count = 0;
        Bad = 0;
        _first = 0;
    }

    private void RemoveFirst()
    {
        Bad -= _results![_first].Bad ? 1 : 0;
        _first = (_first + 1) % length;
        Count--;
    }
}
